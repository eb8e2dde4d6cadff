import type { VeRun } from '../../../src/consistency-function.ts'
import type { Density } from '../../../src/problem/density.ts'
import type { Flow } from '../../characteristics/flow.ts'
import { fits } from '../limits.ts'
import { nodeCoordinates, type UniformGrid, uniformGrid } from '../uniform-grid.ts'
import { probes } from './probes.ts'
import { type Table, tableCarrier, tableFrom } from './table.ts'

const ORDER = 6
const TIGHTEST = 1e-13

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
 * More nodes while they help, by what sixth order promises; where they do not, a tighter tolerance of the
 * characteristics. Gives up, and says what was reached, at the largest grid or the tightest tolerance.
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
  const exact = probes(density, time, Math.max(TIGHTEST, rtol * 1e-2), intervals, plan.probes)
  const angles = Float64Array.of(0, ...exact.times.map((t) => Math.atan2(t, density.moments.scale)))
  let functionEvaluations = exact.functionEvaluations
  let previous = Infinity
  for (let pass = 1; ; pass++) {
    const carrier = tableCarrier(density, rtol)
    const grid = uniformGrid(box.low, box.high, nodes)
    const levels = carrier.carry(angles, nodeCoordinates(grid)).slice(1)
    const tables = levels.map((images, k) => tableFrom(carrier, grid, angles[k + 1], images))
    const errors = tables.map((table, k) => {
      const starts = (exact.images[k] as Float64Array).slice()
      table.invert(starts)
      return exact.error(starts)
    })
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
    const helped = estimate < previous / 2
    if (!helped && rtol > TIGHTEST) rtol = Math.max(TIGHTEST, rtol / 100)
    else {
      const wanted = Math.ceil(nodes * Math.min(2, Math.max(1.2, 1.1 * (estimate / aim) ** (1 / ORDER))))
      if (nodes >= most || !helped || !fits(Math.min(wanted, most), d, perNode)) return result
      nodes = Math.min(wanted, most)
    }
    functionEvaluations += carrier.functionEvaluations
    previous = estimate
  }
}
