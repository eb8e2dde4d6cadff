import type { VeRun } from '../../../src/consistency-function.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import { checkDensity, checkMemory } from '../limits.ts'
import { recent } from '../recent.ts'
import { nodeCoordinates, type UniformGrid, uniformGrid } from '../uniform-grid.ts'
import { type StartingBox, startingBox } from './box.ts'
import { chooseLevels } from './choose-levels.ts'
import { inverseNumbers } from './inverse.ts'
import { DEGREE, type Levels, levelAngles, levelWeights } from './levels.ts'
import { type ForwardMapSettings, makeGrid, plannedGrid } from './make-grid.ts'
import { probes } from './probes.ts'
import { type Table, tableCarrier, tableFrom } from './table.ts'

/** The error of a table at one time, in units of x, as its probes show it. */
export interface TableError {
  readonly time: number
  readonly error: number
}

/** The forward map y(0) ↦ y(t) of a VE problem for all t in [0, T]: the images of a grid at levels of time. */
export interface LevelTable {
  readonly grid: UniformGrid
  /** Relative tolerance of the characteristics that made it. */
  readonly rtol: number
  readonly levels: Levels
  /** [size, d] the images of the nodes at levels 1 … K */
  readonly images: readonly Float64Array[]
  /** At times between 0 and T, T the last. */
  readonly errors: readonly TableError[]
  /** The error asked for, or null. */
  readonly tolerance: number | null
  readonly functionEvaluations: number
}

/** Starts whose trajectories say how many levels there must be. */
const STARTS = 96
/** Times at which a table is measured. */
const MEASURED = 8
/** Panels of a table that is refined until it is exact enough, as far as memory is reserved for them. */
const EXPECTED = 8
/** Inverses of a table that are kept at a time. */
const KEEP = 4

/**
 * Tabulates the forward map for all times up to T.
 *
 * @throws InputError for what a grid cannot do, or a table that does not fit in memory, before it is allocated
 */
export async function levelTable(
  density: Density,
  run: VeRun,
  settings: ForwardMapSettings,
): Promise<LevelTable> {
  checkDensity(density)
  const d = density.dimension
  const perTable = inverseNumbers(d) * (KEEP + 1)
  const planned = settings.tolerance === undefined ? plannedGrid(d, settings) : null
  if (planned) checkMemory(planned.count, d, perTable + d * DEGREE)
  const box = startingBox(density, run.time)
  const starts = startsIn(box)
  /** Chosen, and known to fit, before the nodes are carried wherever their number is known. */
  const choose = (count: number, rtol: number) => {
    const chosen = chooseLevels(density, run.time, starts, rtol)
    checkMemory(count, d, perTable + (chosen.levels.ends.length - 1) * DEGREE * d)
    return chosen
  }
  const early = planned && choose(planned.count, planned.rtol)
  const limits = { perNode: perTable + d * DEGREE * EXPECTED, intervals: MEASURED }
  const { grid, rtol, carrier, nodes, refinement } = await makeGrid(density, run, box, settings, limits)
  const { levels, functionEvaluations } = early ?? choose(grid.nodes, rtol)
  const angles = levelAngles(levels)
  const images = carrier.carry(angles, nodes).slice(1)
  const exact = probes(density, run.time, Math.max(1e-13, rtol * 1e-2), MEASURED)
  const evaluate = tableEvaluator(density, grid, rtol, levels, images)
  const errors = Array.from(exact.times, (time, k) => {
    const starts = (exact.images[k] as Float64Array).slice()
    evaluate.invert(time, starts)
    return { time, error: exact.error(starts) }
  })
  return {
    ...{ grid, rtol, levels, images, errors, tolerance: settings.tolerance ?? null },
    functionEvaluations:
      box.functionEvaluations +
      (refinement?.functionEvaluations ?? 0) +
      carrier.functionEvaluations +
      functionEvaluations +
      exact.functionEvaluations,
  }
}

/** Finds the starts of points at any time of a table. */
export function tableEvaluator(
  density: Density,
  grid: UniformGrid,
  rtol: number,
  levels: Levels,
  images: readonly Float64Array[],
) {
  const carrier = tableCarrier(density, rtol)
  const start = nodeCoordinates(grid)
  const tableAt = recent((t: number): Table => {
    const theta = Math.atan2(t, density.moments.scale)
    const { first, weights } = levelWeights(levels, theta)
    const at = new Float64Array(start.length)
    for (const [k, weight] of weights.entries()) {
      const level = first + k === 0 ? start : images[first + k - 1]
      if (weight !== 0) for (let i = 0; i < at.length; i++) at[i] += weight * level[i]
    }
    return tableFrom(carrier, grid, theta, at)
  }, KEEP)
  return {
    /** Replaces the rows of y at time t > 0 by their starts; returns how many were traced back one by one. */
    invert: (t: number, y: Float64Array): number => tableAt(t).invert(y),
    get functionEvaluations() {
      return carrier.functionEvaluations
    },
  }
}

function startsIn({ low, high }: StartingBox): Float64Array {
  const d = low.length
  const random = Random.stream(0, 'the levels of a table')
  return Float64Array.from({ length: STARTS * d }, (_, i) => {
    return low[i % d] + random.uniform() * (high[i % d] - low[i % d])
  })
}

/** Rebuilds the grid of a table. */
export function tableGrid(low: readonly number[], high: readonly number[], nodes: number): UniformGrid {
  return uniformGrid(Float64Array.from(low), Float64Array.from(high), nodes)
}
