import { flow, toComoving } from '../../../src/characteristics/probability-flow.ts'
import { drawNoised } from '../../../src/metrics/carried-sample.ts'
import { nodeCoordinates, type UniformGrid, uniformGrid } from '../../../src/numeric/uniform-grid.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import { type Chart, type ChartMap, chartMap } from './chart.ts'
import type { Mode } from './modes.ts'

/** A part of the space of starts y(0) with nodes of its own, uniform in the coordinates of its chart. */
export interface Patch {
  /** Null where they are y(0) itself. */
  readonly chart: Chart | null
  /** [d] each, in those coordinates */
  readonly low: Float64Array
  readonly high: Float64Array
  /** The modes that it is made for; none where it is for all there is. */
  readonly modes: readonly Place[]
  /** Standard deviations from the nearest of them up to which its nodes say where a point is. */
  readonly reach: number
}

/** Where a mode is, and how wide. */
type Place = Pick<Mode, 'mean' | 'deviations' | 'axes'>

/** How many standard deviations a start is from the nearest mode of its patch; 0 where that has none. */
export function distanceToModes({ modes }: Patch, y: Float64Array, start: number): number {
  if (modes.length === 0) return 0
  let least = Infinity
  for (const mode of modes) least = Math.min(least, distanceToMode(mode, y, start))
  return least
}

/** Whether a start is farther from every mode of its patch than its nodes are believed; false where that has none. */
export function beyondModes({ modes, reach }: Patch, y: Float64Array, start: number): boolean {
  for (const mode of modes) if (distanceToMode(mode, y, start) <= reach) return false
  return modes.length > 0
}

function distanceToMode({ mean, deviations, axes }: Place, y: Float64Array, start: number): number {
  const d = mean.length
  let squares = 0
  for (let j = 0; j < d; j++) {
    let part = 0
    for (let i = 0; i < d; i++) part += axes[i * d + j] * (y[start + i] - mean[i])
    squares += (part / deviations[j]) ** 2
  }
  return Math.sqrt(squares)
}

/** The grid of a patch with what leads from its coordinates to starts and back. */
export interface PatchGrid {
  readonly patch: Patch
  readonly grid: UniformGrid
  readonly map: ChartMap | null
}

export function patchGrid(patch: Patch, nodes: number): PatchGrid {
  return {
    patch,
    grid: uniformGrid(patch.low, patch.high, nodes),
    map: patch.chart && chartMap(patch.chart),
  }
}

/** [size, d] the starts y(0) of the nodes. */
export function startNodes({ grid, map }: PatchGrid): Float64Array {
  const nodes = nodeCoordinates(grid)
  map?.toStart(nodes)
  return nodes
}

/** Points on the sphere by dimension. */
const POINTS = [2, 96, 400]
/** Added at every end, as a share of the width. */
const MARGIN = 0.04
/** And kept from the ends of p_data, where trajectories are stiff. */
const INSET = 1e-3
/** Points drawn to find how far p_t reaches, and how much farther the sphere does. Those beyond are followed one by one. */
const SAMPLES = 4096
const BEYOND = 1.05

interface StartingBox {
  /** [d] each */
  readonly low: Float64Array
  readonly high: Float64Array
  readonly functionEvaluations: number
}

/**
 * A box of y(0) whose image covers all points of p_t that are not rare: the sphere around them at `time` carried back
 * to θ = 0. What is inside a closed surface stays inside, so the box around its image is enough. It stays inside the ends of
 * p_data: no trajectory starts beyond.
 */
export function startingBox(density: Density, time: number): StartingBox {
  const d = density.dimension
  const end = Math.atan2(time, density.moments.scale)
  const radius = BEYOND * farthest(density, time)
  const sphere = spherePoints(d).map((value) => value * radius)
  const carrier = flow(density, { rtol: 1e-5, atol: 1e-5, tableau: 'dopri5' })
  const start = carrier.carry(Float64Array.of(end, 0), sphere)[1] as Float64Array
  const low = new Float64Array(d).fill(Infinity)
  const high = new Float64Array(d).fill(-Infinity)
  for (let at = 0; at < start.length; at++) {
    low[at % d] = Math.min(low[at % d], start[at])
    high[at % d] = Math.max(high[at % d], start[at])
  }
  for (let i = 0; i < d; i++) {
    const margin = MARGIN * (high[i] - low[i])
    const ends = density.support?.[i] ?? [-Infinity, Infinity]
    const [least, most] = ends.map((x) => (x - density.moments.mean[i]) / density.moments.scale)
    const inset = INSET * (high[i] - low[i])
    low[i] = Math.max(low[i] - margin, least + inset)
    high[i] = Math.min(high[i] + margin, most - inset)
  }
  return { low, high, functionEvaluations: carrier.functionEvaluations }
}

/** The largest |y| of points drawn from p_t. */
function farthest(density: Density, time: number): number {
  const d = density.dimension
  const y = drawNoised(density, time, SAMPLES, Random.stream(0, 'the box of a table'))
  toComoving(density, time, y, y)
  let largest = 0
  for (let row = 0; row < y.length; row += d) {
    let squares = 0
    for (let i = row; i < row + d; i++) squares += y[i] * y[i]
    if (squares > largest) largest = squares
  }
  return Math.sqrt(largest)
}

/** Points spread evenly over the unit sphere in 1 to 3 dimensions (a Fibonacci spiral in 3). */
function spherePoints(d: number): Float64Array {
  if (d === 1) return Float64Array.of(-1, 1)
  const count = POINTS[d - 1] ?? 2
  const points = new Float64Array(count * d)
  const golden = Math.PI * (3 - Math.sqrt(5))
  for (let k = 0; k < count; k++) {
    const height = d === 3 ? 1 - (2 * k + 1) / count : 0
    const angle = d === 3 ? golden * k : (2 * Math.PI * k) / count
    const ring = Math.sqrt(1 - height * height)
    points[k * d] = ring * Math.cos(angle)
    points[k * d + 1] = ring * Math.sin(angle)
    if (d === 3) points[k * d + 2] = height
  }
  return points
}
