import { UnfinishedError } from '../../../src/attempt.ts'
import type { Flow } from '../../../src/characteristics/probability-flow.ts'
import type { VeRun } from '../../../src/consistency-function.ts'
import type { Density } from '../../../src/problem/density.ts'
import { checkMemory } from '../limits.ts'
import { modesOf } from './modes.ts'
import { startingBox } from './patch.ts'
import { BELIEVED, type PlannedPatch, planPatches } from './plan-patches.ts'
import { type Refined, type RefinementPlan, refine } from './refine.ts'
import { makePart, type Part, piecesAt, type Table, TIGHTEST, tableCarrier, tableFrom } from './table.ts'

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
/** Nor more than this share of the width of any mode. */
const OF_A_MODE = 0.03
/** Nodes an axis where an error is asked for, to begin with and at most, and the relative tolerance of the characteristics as a share of it. */
const FOR_REQUEST = [
  { nodes: 101, most: 20_001, share: 1e-3 },
  { nodes: 32, most: 1024, share: 1e-3 },
  { nodes: 20, most: 128, share: 1e-2 },
]
/** The error aimed at, as a share of the one asked for: the probes are few. */
const AIM = 0.3
/** Relative tolerance of the characteristics for so many nodes: below what the nodes can show on mixtures with narrow modes. */
const RTOL = [
  { rtol: 1e-8, nodes: 201 },
  { rtol: 1e-7, nodes: 56 },
  { rtol: 1e-5, nodes: 48 },
]
const ORDER = 6
/** Modes that distances are taken to where one grid is around all of them. */
const MOST_MODES = 64

/** The grid of a forward map at its largest time. */
interface MadeGrid {
  readonly parts: readonly Part[]
  /** What traces points that a table does not find. */
  readonly tracer: Flow
  readonly table: Table
  /** Where nodes were chosen for an error. */
  readonly refinement: Refined['refinement'] | null
  /** Evaluations of the score before the first node was carried. */
  readonly functionEvaluations: number
}

/**
 * Chooses the nodes in the space of y(0), and carries them to T.
 *
 * @param limits numbers a node that all that is kept of the grid takes, and at how many times a requested error is to hold
 */
export async function makeGrid(
  density: Density,
  run: VeRun,
  settings: ForwardMapSettings,
  limits: { readonly perNode: number; readonly intervals: number },
): Promise<MadeGrid> {
  const { count, rtol } = plannedGrid(density.dimension, settings)
  const around = patchesFor(density)
  let spent = 0
  const known = modesOf(density) ?? []
  const modes = known.length <= MOST_MODES ? known : []
  const whole = (nodes: number): PlannedPatch[] => {
    const { low, high, functionEvaluations } = startingBox(density, run.time)
    spent += functionEvaluations
    return [
      { patch: { chart: null, low, high, modes, reach: modes.length > 0 ? BELIEVED : Infinity }, nodes },
    ]
  }
  const goal = refinementGoal(density, settings)
  if (!goal) {
    const patches = around?.map(({ patch }) => ({ patch, nodes: count })) ?? whole(count)
    checkMemory(
      Math.ceil(patches.length ** (1 / density.dimension) * count),
      density.dimension,
      limits.perNode,
    )
    return { ...carried(density, run, patches, rtol), functionEvaluations: spent }
  }
  // around the modes where they are narrow; everywhere where that is not so, or does not do; and from the nodes without options
  const plans: (() => PlannedPatch[])[] = []
  if (around) plans.push(() => [...around])
  else plans.push(() => whole(goal.nodes))
  if (!around && goal.nodes < count) plans.push(() => whole(count))
  let best: Refined | undefined
  let failed: unknown
  for (const patches of plans) {
    const made = await refine(density, { ...goal, patches: patches() }, run, limits).catch((error) => {
      if (!(error instanceof UnfinishedError)) throw error
      failed = error
    })
    if (!made) continue
    if (!best || made.refinement.estimate < best.refinement.estimate) {
      if (best) spent += evaluationsOf(best)
      best = made
    } else spent += evaluationsOf(made)
    if (best.refinement.reached) break
  }
  if (!best) throw failed
  return { ...best, functionEvaluations: spent }
}

function evaluationsOf({ parts, tracer, refinement }: Refined): number {
  const carried = parts.reduce((sum, { carrier }) => sum + carrier.functionEvaluations, 0)
  return carried + tracer.functionEvaluations + refinement.functionEvaluations
}

/** Patches around the modes, where these are too narrow for the usual nodes around all of them. */
export function patchesFor(density: Density): readonly PlannedPatch[] | null {
  const modes = modesOf(density)
  return modes && planPatches(modes, NODES[density.dimension - 1] ?? 2)
}

/** A grid of nodes that are given. */
function carried(density: Density, run: VeRun, patches: readonly PlannedPatch[], rtol: number) {
  const end = Math.atan2(run.time, density.moments.scale)
  const parts = patches.map(({ patch, nodes }) => makePart(density, patch, nodes, rtol))
  const pieces = parts.flatMap((part) => piecesAt(part, Float64Array.of(end)))
  const tracer = tableCarrier(density, rtol)
  return { parts, tracer, table: tableFrom(tracer, end, pieces), refinement: null }
}

/** How nodes are chosen where none are given. */
function refinementGoal(
  density: Density,
  { nodes, rtol, tolerance }: ForwardMapSettings,
): (Omit<RefinementPlan, 'patches'> & { readonly nodes: number }) | null {
  const { dimension: d, moments } = density
  if (tolerance !== undefined) {
    const { nodes: first, most, share } = FOR_REQUEST[d - 1] ?? { nodes: 2, most: 2, share: 1 }
    const tight = Math.min(1e-6, Math.max(TIGHTEST, tolerance * share))
    return { tolerance, aim: AIM, nodes: first, most, rtol: tight, probes: 1024 }
  }
  const own = WITHOUT_REQUEST[d - 1]
  if (nodes !== undefined || rtol !== undefined || !own) return null
  const planned = plannedGrid(d, {})
  return {
    ...{
      tolerance: moments.scale * Math.min(own.error, OF_A_MODE * narrowest(density)),
      aim: 1,
      most: own.most,
      probes: own.probes,
    },
    ...{ nodes: planned.count, rtol: planned.rtol },
  }
}

/** The width of the narrowest mode that is known, in units of the data's scale. */
function narrowest(density: Density): number {
  let least = Infinity
  for (const { deviations } of modesOf(density) ?? []) least = Math.min(least, ...deviations)
  return least
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
