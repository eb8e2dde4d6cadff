import type { Flow } from '../../../src/characteristics/probability-flow.ts'
import type { VeRun } from '../../../src/consistency-function.ts'
import type { Density } from '../../../src/problem/density.ts'
import { nodesThatFit } from '../limits.ts'
import type { Patch } from './patch.ts'
import type { PlannedPatch } from './plan-patches.ts'
import { type Probes, probes } from './probes.ts'
import {
  makePart,
  type Part,
  type Piece,
  piecesAt,
  type Table,
  TIGHTEST,
  tableCarrier,
  tableFrom,
} from './table.ts'
import { toleranceShare } from './tolerance-share.ts'

const ORDER = 6
/** From this share of the error on, that of the characteristics is all there is to mend first. */
const SHARE = 0.5
/** How often in a row more nodes may fail to halve the error of a patch, by dimension, before its characteristics are carried more exactly. */
const PATIENCE = [3, 2, 2]
/** How much more exactly points are traced back than nodes are carried. */
export const TRACED = 1e-2

/** What a refinement begins with, where it ends, and what it is for. */
export interface RefinementPlan {
  readonly patches: readonly PlannedPatch[]
  /** The error of f wanted, in units of x. */
  readonly tolerance: number
  /** The error aimed at, as a share of it. */
  readonly aim: number
  /** All nodes at most, and those of one axis. */
  readonly most: number
  /** Relative tolerance of the characteristics to begin with. */
  readonly rtol: number
  /** How many trajectories the error is measured by, but for more modes than that. */
  readonly probes: number
}

/** A table for a requested error. */
export interface Refined {
  readonly parts: readonly Part[]
  /** What traces points that the table does not find. */
  readonly tracer: Flow
  /** The pieces at T, one a part. */
  readonly pieces: readonly Piece[]
  readonly table: Table
  readonly refinement: {
    /** The error asked for, and the error at the probes, in units of x. */
    readonly asked: number
    readonly estimate: number
    readonly reached: boolean
    /** Evaluations of the score beside those of the parts' own carriers and the tracer. */
    readonly functionEvaluations: number
  }
}

/** A part on its way, with how it has fared. */
interface Working {
  readonly part: Part
  /** Its pieces at the probes' times. */
  readonly pieces: readonly Piece[]
  best: number
  /** How often in a row more nodes did not halve the error. */
  idle: number
  /** Whether a tighter tolerance was tried after that. */
  tried: boolean
}

/**
 * Refines the patches of a forward-map grid until the error at probes, carried much more exactly, is what the plan aims at, at so many times up to T. Each patch goes by the
 * probes that it finds. The nodes around the worst of them, carried more exactly, say how much of an error is that of the characteristics. Where that alone is too much, their
 * tolerance is tightened in proportion; where it is not most of the error, there are more nodes, by what sixth order promises. Ends with the best grid there was, and says what it
 * reached, when no patch can have more nodes or a tighter tolerance, or neither has helped.
 */
export async function refine(
  density: Density,
  plan: RefinementPlan,
  { time, onProgress, signal }: VeRun,
  { perNode, intervals }: { readonly perNode: number; readonly intervals: number },
): Promise<Refined> {
  const d = density.dimension
  const aim = plan.aim * plan.tolerance
  const mostNodes = Math.min(plan.most ** d, nodesThatFit(perNode))
  let rtol = plan.rtol
  let spent = 0
  const flows = new Set<Flow>()
  /** Says what is about to be done: a pass takes seconds, in three dimensions minutes. */
  const tell = async (done: number, label: string) => {
    onProgress?.({ done, total: done + 1, label })
    await new Promise((resolve) => setTimeout(resolve))
    signal?.throwIfAborted()
  }
  const measure = () => {
    const made = probes(density, time, Math.max(TIGHTEST, rtol * 1e-2), intervals, plan.probes)
    spent += made.functionEvaluations
    return made
  }
  await tell(0, 'trajectories to measure by')
  let exact = measure()
  const angles = Float64Array.from(exact.times, (t) => Math.atan2(t, density.moments.scale))
  const begin = (patch: Patch, nodes: number, tolerance: number) => {
    const part = makePart(density, patch, nodes, tolerance)
    flows.add(part.carrier)
    return { part, pieces: piecesAt(part, angles) }
  }
  let working: Working[] = []
  for (const [k, { patch, nodes }] of plan.patches.entries()) {
    await tell(0, carrying(nodes, k, plan.patches.length))
    working.push({ ...begin(patch, nodes, rtol), best: Infinity, idle: 0, tried: false })
  }
  let best: (Omit<Refined, 'refinement'> & { readonly estimate: number }) | undefined
  for (let pass = 1; ; pass++) {
    const tracer = tableCarrier(density, Math.max(TIGHTEST, rtol * TRACED))
    flows.add(tracer)
    const tables = Array.from(angles, (theta, k) => {
      return tableFrom(
        tracer,
        theta,
        working.map(({ pieces }) => pieces[k] as Piece),
      )
    })
    const measured = tables.map((table, k) => measureTable(table, exact, k))
    const estimate = Math.max(...measured.map(({ error }) => error))
    if (!best || estimate < best.estimate)
      best = {
        parts: working.map(({ part }) => part),
        pieces: working.map(({ pieces }) => pieces[pieces.length - 1] as Piece),
        ...{ table: tables[tables.length - 1] as Table, tracer, estimate },
      }
    const nodes = working.map(({ part }) => part.grid.nodes)
    await tell(pass, `${Math.max(...nodes)} nodes an axis: error ${estimate.toExponential(1)}`)
    if (estimate <= aim) break
    const errors = working.map((_, k) => errorOfPart(measured, exact, k))
    const traced = errorOfPart(measured, exact, -1).error
    const worst = Math.max(...errors.map(({ error }) => error))
    let total = working.reduce((sum, { part }) => sum + part.grid.size, 0)
    const next: Working[] = []
    for (const [k, own] of working.entries()) {
      const { error, level } = errors[k] as PartError
      // where no patch is off by itself, the worst is
      if (error <= aim && (error < worst || traced > aim)) {
        next.push(own)
        continue
      }
      const at = measured[level] as Measured
      const share = toleranceShare(
        density,
        exact,
        {
          ...{ piece: own.pieces[level] as Piece, theta: angles[level], found: at.found },
          ...{ distances: distancesOf(at, k), probed: exact.images[level] as Float64Array },
        },
        own.part.rtol,
      )
      spent += share.functionEvaluations
      const room = Math.floor((mostNodes - total + own.part.grid.size) ** (1 / d) * (1 + 1e-12))
      const change = improve(own, error, share.distance, aim, Math.min(plan.most, room), PATIENCE[d - 1] ?? 2)
      if (!change) {
        next.push(own)
        continue
      }
      total += change.nodes ** d - own.part.grid.size
      await tell(pass, carrying(change.nodes, k, working.length))
      next.push({ ...own, ...begin(own.part.patch, change.nodes, change.rtol) })
    }
    const tightest = Math.min(...next.map(({ part }) => part.rtol))
    // what is traced back is as wrong as its tolerance lets it be
    const untraced = traced > aim && rtol > TIGHTEST
    if (!untraced && next.every((own, k) => own === working[k])) break
    if (tightest < rtol || untraced) {
      rtol = Math.max(TIGHTEST, Math.min(tightest, untraced ? rtol * 0.01 : rtol))
      // the same trajectories, again much more exactly than the nodes
      exact = measure()
    }
    working = next
  }
  const { estimate, ...made } = best
  const own = new Set<Flow>([made.tracer, ...made.parts.map(({ carrier }) => carrier)])
  for (const flow of flows) if (!own.has(flow)) spent += flow.functionEvaluations
  const reached = estimate <= plan.tolerance
  return { ...made, refinement: { asked: plan.tolerance, estimate, reached, functionEvaluations: spent } }
}

function carrying(nodes: number, patch: number, patches: number): string {
  return `carries ${nodes} nodes an axis${patches > 1 ? `, patch ${patch + 1} of ${patches}` : ''}`
}

/** The nodes and the tolerance that a part is to have next; null where there is nothing left to try. Keeps count of what helped. */
function improve(
  own: Working,
  error: number,
  distance: number,
  aim: number,
  most: number,
  patience: number,
): { readonly nodes: number; readonly rtol: number } | null {
  const { rtol, grid } = own.part
  const byTolerance = Math.min(distance, error)
  const tighter = rtol > TIGHTEST && byTolerance > aim / 2
  let factor = tighter ? Math.min(0.25, Math.max(0.01, aim / (4 * byTolerance))) : 1
  let { nodes } = grid
  if (!tighter || byTolerance < SHARE * error) {
    const helped = error < own.best / 2
    own.idle = helped ? 0 : own.idle + 1
    own.tried &&= !helped
    own.best = Math.min(own.best, error)
    const wanted = Math.ceil(nodes * Math.min(2, Math.max(1.2, 1.1 * (error / aim) ** (1 / ORDER))))
    if (own.idle < patience && most > nodes) nodes = Math.min(wanted, most)
    else if (!own.tried) {
      // a start found in another mode is no matter of the nodes around the probe
      own.tried = true
      factor = Math.min(factor, 0.01)
    }
  }
  const next = Math.max(TIGHTEST, rtol * factor)
  return next === rtol && nodes === grid.nodes ? null : { nodes, rtol: next }
}

/** What a table finds for the probes of one time. */
interface Measured {
  readonly found: Float64Array
  /** [n] units of x */
  readonly distances: Float64Array
  /** [n] the piece that found each, −1 where it was traced */
  readonly owners: Int32Array
  readonly error: number
}

function measureTable(table: Table, exact: Probes, k: number): Measured {
  const found = (exact.images[k] as Float64Array).slice()
  const owners = new Int32Array(exact.counted.length)
  table.invert(found, owners)
  const distances = exact.distances(found)
  return { found, distances, owners, error: exact.error(distances) }
}

/** The error of the probes that one part finds, at the time where it is largest. */
interface PartError {
  readonly error: number
  readonly level: number
}

function errorOfPart(measured: readonly Measured[], exact: Probes, part: number): PartError {
  const errors = measured.map((at) => exact.error(distancesOf(at, part)))
  const error = Math.max(...errors)
  return { error, level: errors.indexOf(error) }
}

/** The distances of one part's probes, 0 for those of the others. */
function distancesOf({ distances, owners }: Measured, part: number): Float64Array {
  return distances.map((distance, row) => (owners[row] === part ? distance : 0))
}
