import type { TableauName } from '../../solvers/characteristics/index.ts'
import { checkInteger, InputError } from '../errors.ts'
import { type Figure, figures } from '../figures/index.ts'
import type { Problem } from '../problem/problem.ts'
import type { Progress } from '../progress.ts'
import { formatNumber, nothing } from '../report/format.ts'
import { version } from '../version.ts'
import { type Measurement, measure } from './measure.ts'
import { type SteppedSolver, steppedCharacteristics } from './stepped-solvers.ts'
import { textTable } from './text-table.ts'
import { drawTruth } from './truth.ts'

// relative errors below this are mostly rounding
const ROUNDING = 1e-14

/** Error against step size for one solver. */
export interface ConvergenceLine {
  readonly method: string
  /** The order of theory for a smooth problem. */
  readonly order: number
  /** What the step is: 1/nodes an axis, or 1/K for K steps. */
  readonly step: readonly number[]
  readonly error: readonly number[]
  /** log(e₁/e₂)/log(h₁/h₂) of each step and the one before it. */
  readonly observedOrders: readonly number[]
  /** That of the two finest steps whose errors are above 1e-14, where rounding takes over; of the two finest when there are none. */
  readonly observedOrder: number
  /** Evaluations of the score for each trajectory, construction included. */
  readonly evaluations: readonly number[]
  /** CPU seconds for all trajectories, construction included: the fewest of the repeats. */
  readonly seconds: readonly number[]
}

export interface ConvergenceResults {
  readonly problem: unknown
  readonly time: number
  readonly seed: number
  readonly version: string
  readonly trajectories: number
  readonly lines: readonly ConvergenceLine[]
}

export interface ConvergenceOptions {
  /** T of the problem's own process. */
  readonly time: number
  /** Default 0. */
  readonly seed?: number
  /** Trajectories that the error is a weighted root mean square over. Default 4000. */
  readonly trajectories?: number
  /** Timed runs of each step. Default 1. */
  readonly repeats?: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/**
 * The order table of one or more solvers on a problem: the relative error at T (docs/mathematics.md §5) against the step, and the order
 * observed between neighbouring steps. Where f has layers thinner than a cell the orders of grids drop to 0.3–0.7
 * (docs/mathematics.md §2). `convergenceText` and `convergenceFigure` show it.
 *
 * @param solvers solvers, or names of Runge–Kutta methods, for characteristics with equal steps
 * @throws InputError for a solver of fewer than two resolutions, or a time outside the process
 * @example const table = await convergenceTest('dopri8', problem, { time: 5 })
 */
export async function convergenceTest(
  solvers: SteppedSolver | TableauName | readonly (SteppedSolver | TableauName)[],
  problem: Problem,
  options: ConvergenceOptions,
): Promise<ConvergenceResults> {
  const { time, seed = 0, trajectories = 4000, repeats = 1, onProgress, signal } = options
  checkInteger('trajectories', trajectories, 1)
  checkInteger('repeats', repeats, 1)
  const list = [solvers].flat() as (SteppedSolver | TableauName)[]
  const chosen = list.map((one) => (typeof one === 'string' ? steppedCharacteristics(one) : one))
  for (const { name, counts } of chosen)
    if (counts.length < 2) throw new InputError(`the counts of ${name}`, counts, 'at least two')
  const truth = drawTruth(problem, time, trajectories, seed)
  const total = chosen.reduce((sum, { counts }) => sum + counts.length, 0)
  let reported = 0
  const lines: ConvergenceLine[] = []
  for (const { name, order, counts, method } of chosen) {
    const done: Measurement[] = []
    for (const count of counts) {
      signal?.throwIfAborted()
      onProgress?.({ done: reported++, total, label: name })
      await new Promise((resolve) => setTimeout(resolve))
      const run = { time, seed, ...(signal && { signal }) }
      done.push(await measure(problem, method(count), truth, run, repeats))
    }
    const error = done.map(({ statistics }) => statistics.relativeError)
    const observedOrders = error
      .slice(1)
      .map((value, i) => Math.log(error[i] / value) / Math.log(counts[i + 1] / counts[i]))
    lines.push({
      method: name,
      order,
      step: counts.map((count) => 1 / count),
      error,
      observedOrders,
      observedOrder: finest(error, observedOrders),
      evaluations: done.map(({ evaluations }) => evaluations),
      seconds: done.map(({ seconds }) => seconds),
    })
  }
  return { problem: problem.specification, time, seed, version, trajectories, lines }
}

function finest(error: readonly number[], orders: readonly number[]): number {
  const last = error.findLastIndex((value) => value >= ROUNDING)
  return orders[last > 0 ? last - 1 : orders.length - 1]
}

/** An order table as aligned text: one line a step. Errors below 1e-14 are rounding, and have no order. */
export function convergenceText({ lines }: ConvergenceResults): string {
  const rows = lines.flatMap(({ method, order, step, error, observedOrders }) =>
    step.map((h, i) => [
      i === 0 ? method : '',
      String(Math.round(1 / h)),
      formatNumber(error[i]),
      i === 0 ? nothing : error[i] < ROUNDING ? 'rounding' : (observedOrders[i - 1] as number).toFixed(2),
      i === 0 ? String(order) : '',
    ]),
  )
  const table = textTable(['solver', '1/step', 'relative error', 'order', 'theory'], rows)
  const rounded = lines.some(({ error }) => error.some((value) => value < ROUNDING))
  return rounded ? `${table}\nErrors below ${ROUNDING} are rounding and have no order.\n` : table
}

/** The figure of an order table. */
export function convergenceFigure({ lines, time }: ConvergenceResults): Figure {
  return figures.convergence({
    title: `Error against step size at T = ${time}`,
    stepLabel: 'step: 1/nodes an axis, or 1/K for K steps',
    errorLabel: 'relative error',
    floor: ROUNDING,
    lines: lines.map(({ method, step, error, order }) => ({ label: method, step, error, order })),
  })
}
