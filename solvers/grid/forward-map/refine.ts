import type { VeRun } from '../../../src/consistency-function.ts'
import type { Density } from '../../../src/problem/density.ts'
import type { Flow } from '../../characteristics/flow.ts'
import { fits } from '../limits.ts'
import { nodeCoordinates, type UniformGrid, uniformGrid } from '../uniform-grid.ts'
import { probes } from './probes.ts'
import { type Table, TIGHTEST, tableCarrier, tableFrom } from './table.ts'
import { toleranceShare } from './tolerance-share.ts'

const ORDER = 6
/** From this share of the error on, that of the characteristics is all there is to mend first. */
const SHARE = 0.5

/** What a refinement begins with, where it ends, and what it is for. */
export interface RefinementPlan {
  /** The error of f wanted, in units of x. */
  readonly tolerance: number
  /** The error aimed at, as a share of it. */
  readonly aim: number
  /** Nodes an axis to begin with and at most. */
  readonly nodes: number
  readonly most: number
  /** Relative tolerance of the characteristics to begin with. */
  readonly rtol: number
  /** How many trajectories the error is measured by. */
  readonly probes: number
}

/** A table for a requested error. */
export interface Refined {
  readonly grid: UniformGrid
  readonly carrier: Flow
  readonly rtol: number
  /** The images of the nodes at T. */
  readonly images: Float64Array
  readonly table: Table
  readonly refinement: {
    /** The error asked for, and the error at the probes, in units of x. */
    readonly asked: number
    readonly estimate: number
    readonly reached: boolean
    /** Evaluations of the score beside those of `carrier`. */
    readonly functionEvaluations: number
  }
}

/**
 * Refines the forward-map grid on a box until the error at probes, carried much more exactly, is what the plan aims at, at so many times up to T.
 * The nodes around the worst probes, carried more exactly, say how much of an error is that of the characteristics. Where that alone is too much, their
 * tolerance is tightened in proportion; where it is not most of the error, there are more nodes, by what sixth order promises. Gives up, and says what was
 * reached, at the largest grid or the tightest tolerance, or when neither nodes (once on a line, twice elsewhere) nor then a tighter tolerance helped.
 */
export async function refine(
  density: Density,
  box: { low: Float64Array; high: Float64Array },
  plan: RefinementPlan,
  { time, onProgress, signal }: VeRun,
  { perNode, intervals }: { readonly perNode: number; readonly intervals: number },
): Promise<Refined> {
  const d = density.dimension
  const { tolerance, most } = plan
  const aim = plan.aim * tolerance
  let { nodes, rtol } = plan
  const measure = () => probes(density, time, Math.max(TIGHTEST, rtol * 1e-2), intervals, plan.probes)
  let exact = measure()
  const angles = Float64Array.of(0, ...exact.times.map((t) => Math.atan2(t, density.moments.scale)))
  let functionEvaluations = exact.functionEvaluations
  let previous = Infinity
  /** How often in a row more nodes did not halve the error. */
  let idle = 0
  // a line is carried in no time, and there a tighter tolerance helped more often
  const patience = d === 1 ? 1 : 2
  let tried = false
  for (let pass = 1; ; pass++) {
    const carrier = tableCarrier(density, rtol)
    const grid = uniformGrid(box.low, box.high, nodes)
    const levels = carrier.carry(angles, nodeCoordinates(grid)).slice(1)
    const tables = levels.map((images, k) => tableFrom(carrier, grid, angles[k + 1], images))
    const found = tables.map((table, k) => startsOf(table, exact.images[k] as Float64Array))
    const errors = found.map((starts) => exact.error(starts))
    const estimate = Math.max(...errors)
    const [images, table] = [levels[levels.length - 1] as Float64Array, tables[tables.length - 1] as Table]
    const refinement = { asked: tolerance, estimate, reached: estimate <= tolerance, functionEvaluations }
    const result = { grid, carrier, rtol, images, table, refinement }
    onProgress?.({
      done: pass,
      total: pass + 1,
      label: `${nodes} nodes an axis: error ${estimate.toExponential(1)}`,
    })
    await new Promise((resolve) => setTimeout(resolve))
    signal?.throwIfAborted()
    if (estimate <= aim) return result
    const k = errors.indexOf(estimate)
    const measured = {
      ...{ grid, theta: angles[k + 1], images: levels[k] as Float64Array },
      ...{ found: found[k] as Float64Array, probed: exact.images[k] as Float64Array },
    }
    const share = toleranceShare(density, exact, measured, rtol)
    const byTolerance = Math.min(share.distance, estimate)
    functionEvaluations += share.functionEvaluations
    const last = () => ({ ...result, refinement: { ...refinement, functionEvaluations } })
    const tighter = rtol > TIGHTEST && byTolerance > aim / 2
    let factor = tighter ? Math.min(0.25, Math.max(0.01, aim / (4 * byTolerance))) : 1
    if (!tighter || byTolerance < SHARE * estimate) {
      const helped = estimate < previous / 2
      idle = helped ? 0 : idle + 1
      tried &&= !helped
      previous = estimate
      const wanted = Math.ceil(nodes * Math.min(2, Math.max(1.2, 1.1 * (estimate / aim) ** (1 / ORDER))))
      const more = Math.min(wanted, most)
      if (idle < patience) {
        if (nodes >= most || !fits(more, d, perNode)) return last()
        nodes = more
      } else if (tried || rtol <= TIGHTEST) return last()
      else {
        // a start found in another mode is no matter of the nodes around the probe
        tried = true
        factor = 0.01
      }
    }
    if (factor < 1) {
      rtol = Math.max(TIGHTEST, rtol * factor)
      // the same trajectories, again much more exactly than the nodes
      exact = measure()
      functionEvaluations += exact.functionEvaluations
    }
    functionEvaluations += carrier.functionEvaluations
  }
}

/** The starts that a table finds for images. */
function startsOf(table: Table, images: Float64Array): Float64Array {
  const starts = images.slice()
  table.invert(starts)
  return starts
}
