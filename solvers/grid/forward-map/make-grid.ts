import type { VeRun } from '../../../src/consistency-function.ts'
import type { Density } from '../../../src/problem/density.ts'
import type { Flow } from '../../characteristics/flow.ts'
import { nodeCoordinates, type UniformGrid, uniformGrid } from '../uniform-grid.ts'
import type { StartingBox } from './box.ts'
import { type Refined, refine } from './refine.ts'
import { type Table, tableCarrier, tableFrom } from './table.ts'

/** What a forward-map grid is asked for: nodes, a tolerance, or neither. */
export interface ForwardMapSettings {
  readonly nodes?: number
  readonly rtol?: number
  readonly tolerance?: number
}

/** Nodes an axis unless others or an error are asked for, by dimension. */
const NODES = [301, 72, 48]
/** Relative tolerance of the characteristics for so many nodes: below what the nodes can show on mixtures with narrow modes. */
const RTOL = [
  { rtol: 1e-8, nodes: 201 },
  { rtol: 1e-7, nodes: 56 },
  { rtol: 1e-5, nodes: 48 },
]
const ORDER = 6
const TIGHTEST = 1e-12

/** The grid of a forward map at its largest time. */
export interface MadeGrid {
  readonly grid: UniformGrid
  /** [size, d] the nodes y(0) */
  readonly nodes: Float64Array
  readonly carrier: Flow
  readonly rtol: number
  /** [size, d] where the nodes are at T */
  readonly images: Float64Array
  readonly table: Table
  /** When an error was asked for. */
  readonly refinement: Refined['refinement'] | null
}

/**
 * Chooses the nodes in the box of y(0), and carries them to T.
 *
 * @param limits numbers a node that all that is kept of the grid takes, and at how many times a requested error is to hold
 */
export async function makeGrid(
  density: Density,
  run: VeRun,
  box: StartingBox,
  settings: ForwardMapSettings,
  limits: { readonly perNode: number; readonly intervals: number },
): Promise<MadeGrid> {
  if (settings.tolerance !== undefined) {
    const refined = await refine(density, box, settings.tolerance, run, limits)
    return { nodes: nodeCoordinates(refined.grid), ...refined }
  }
  const { count, rtol } = plannedGrid(density.dimension, settings)
  const grid = uniformGrid(box.low, box.high, count)
  const coordinates = nodeCoordinates(grid)
  const carrier = tableCarrier(density, rtol)
  const end = Math.atan2(run.time, density.moments.scale)
  const images = carrier.carry(Float64Array.of(0, end), coordinates)[1] as Float64Array
  const table = tableFrom(carrier, grid, end, images)
  return { grid, nodes: coordinates, carrier, rtol, images, table, refinement: null }
}

/** Nodes an axis, and tolerance of the characteristics, where no error is asked for. */
export function plannedGrid(
  d: number,
  { nodes, rtol }: ForwardMapSettings,
): { readonly count: number; readonly rtol: number } {
  const count = nodes ?? NODES[d - 1] ?? 2
  const reference = RTOL[d - 1] ?? { rtol: TIGHTEST, nodes: count }
  const hidden = reference.rtol * Math.min(1, (reference.nodes / count) ** ORDER)
  return { count, rtol: rtol ?? Math.max(TIGHTEST, hidden) }
}
