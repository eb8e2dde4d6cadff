import type { VeRun } from '../../../src/consistency-function.ts'
import type { Density } from '../../../src/problem/density.ts'
import type { Flow } from '../../characteristics/flow.ts'
import { nodeCoordinates, type UniformGrid, uniformGrid } from '../uniform-grid.ts'
import type { StartingBox } from './box.ts'
import { type Refined, type RefinementPlan, refine } from './refine.ts'
import { type Table, tableCarrier, tableFrom } from './table.ts'

/** What a forward-map grid is asked for: nodes, a tolerance, or neither. */
export interface ForwardMapSettings {
  readonly nodes?: number
  readonly rtol?: number
  readonly tolerance?: number
}

/** Nodes an axis unless others or an error are asked for, by dimension. */
const NODES = [301, 72, 48]
/**
 * And the error, in units of the data's scale, up to which these are left as they are: at the worst of the likely probes, which is 5 to
 * 100 times the root mean square. With more nodes at most, so that a hard case costs some ten times an easy one.
 */
const WITHOUT_REQUEST = [
  { error: 1e-7, most: 4001, probes: 256 },
  { error: 1e-4, most: 288, probes: 1024 },
  { error: 1e-3, most: 96, probes: 1024 },
]
/** Nodes an axis where an error is asked for, to begin with and at most. */
const FOR_REQUEST = [
  { nodes: 101, most: 20_001 },
  { nodes: 32, most: 1024 },
  { nodes: 20, most: 128 },
]
/** The error aimed at, as a share of the one asked for: the probes are few. */
const AIM = 0.5
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
  const plan = refinementPlan(density, settings)
  if (plan) {
    const refined = await refine(density, box, plan, run, limits)
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

/** How nodes are chosen where none are given. */
function refinementPlan(
  { dimension: d, moments }: Density,
  { nodes, rtol, tolerance }: ForwardMapSettings,
): RefinementPlan | null {
  if (tolerance !== undefined) {
    const tight = Math.min(1e-6, Math.max(TIGHTEST, tolerance * 1e-3))
    return {
      tolerance,
      aim: AIM,
      ...(FOR_REQUEST[d - 1] ?? { nodes: 2, most: 2 }),
      rtol: tight,
      probes: 1024,
    }
  }
  const own = WITHOUT_REQUEST[d - 1]
  if (nodes !== undefined || rtol !== undefined || !own) return null
  const planned = plannedGrid(d, {})
  return {
    ...{ tolerance: own.error * moments.scale, aim: 1, most: own.most, probes: own.probes },
    ...{ nodes: planned.count, rtol: planned.rtol },
  }
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
