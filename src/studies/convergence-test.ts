import type { Method } from '../consistency-function.ts'
import { checkInteger, InputError } from '../errors.ts'
import { type Figure, figures } from '../figures/index.ts'
import type { Problem } from '../problem/problem.ts'
import type { Progress } from '../progress.ts'
import { formatNumber, nothing } from '../report/format.ts'
import type { ProblemRecord } from '../specification/problem.ts'
import { version } from '../version.ts'
import { drawTruth, type Measurement, measure } from './measure.ts'
import { textTable } from './text-table.ts'

// relative errors below this are mostly rounding
const ROUNDING = 1e-14

/** A solver with a resolution that can be chosen. */
export interface SteppedSolver {
  readonly name: string
  /** The order of theory for a smooth problem: the error is O(1/count^order). */
  readonly order: number
  /** Resolutions to try, ascending: steps, or nodes an axis. */
  readonly counts: readonly number[]
  method(count: number): Method | Promise<Method>
}

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
  readonly problem: ProblemRecord
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
  /** Timed runs of each step, the fastest of which counts; with 1 the times are those of code that is still being compiled. Default 2. */
  readonly repeats?: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** The order table of solvers with at least two resolutions each: `convergenceTest`, which takes names of tableaux as well. */
export async function orderTable(
  solvers: readonly SteppedSolver[],
  problem: Problem,
  options: ConvergenceOptions,
): Promise<ConvergenceResults> {
  const { time, seed = 0, trajectories = 4000, repeats = 2, onProgress, signal } = options
  checkInteger('trajectories', trajectories, 1)
  checkInteger('repeats', repeats, 1)
  for (const { name, counts } of solvers)
    if (counts.length < 2) throw new InputError(`the counts of ${name}`, counts, 'at least two')
  const truth = drawTruth(problem, time, trajectories, seed)
  const total = solvers.reduce((sum, { counts }) => sum + counts.length, 0)
  let reported = 0
  const lines: ConvergenceLine[] = []
  for (const { name, order, counts, method } of solvers) {
    const done: Measurement[] = []
    if (repeats > 1) await measure(problem, await method(counts[0]), truth, { time, seed, signal }, 1)
    for (const count of counts) {
      signal?.throwIfAborted()
      onProgress?.({ done: reported++, total, label: name })
      await new Promise((resolve) => setTimeout(resolve))
      const run = { time, seed, signal }
      done.push(await measure(problem, await method(count), truth, run, repeats))
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

/** The order between resolution i and the one before, for a table. Errors below 1e-14 are rounding, and have no order. */
export function orderText(
  { error, observedOrders }: Pick<ConvergenceLine, 'error' | 'observedOrders'>,
  i: number,
): string {
  if (i === 0) return nothing
  return error[i] < ROUNDING ? 'rounding' : observedOrders[i - 1].toFixed(2)
}

/** An order table as aligned text: one line a step. Errors below 1e-14 are rounding, and have no order. */
export function convergenceText({ lines }: ConvergenceResults): string {
  const rows = lines.flatMap(({ method, order, step, error, observedOrders }) =>
    step.map((h, i) => [
      i === 0 ? method : '',
      String(Math.round(1 / h)),
      formatNumber(error[i]),
      orderText({ error, observedOrders }, i),
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
