import { nodeCoordinates, type UniformGrid, uniformGrid } from '../../../src/numeric/uniform-grid.ts'
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
