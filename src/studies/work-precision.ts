import type { Method } from '../consistency-function.ts'
import { checkInteger, InputError } from '../errors.ts'
import { type Figure, figures } from '../figures/index.ts'
import type { Problem } from '../problem/problem.ts'
import type { Progress } from '../progress.ts'
import { formatNumber } from '../report/format.ts'
import { version } from '../version.ts'
import { drawTruth, measure } from './measure.ts'
import { textTable } from './text-table.ts'

/** One method with what it took and what it is worth. */
export interface WorkPoint {
  readonly method: string
  readonly options: Readonly<Record<string, unknown>>
  /** The relative error at T with one standard error, and its largest over the trajectories. */
  readonly error: number
  readonly standardError: number
  readonly maximumError: number
  /** Evaluations of the score for each trajectory, construction included. */
  readonly evaluations: number
  /** CPU seconds, the fewest of the repeats, construction included. */
  readonly seconds: number
}

export interface WorkLine {
  readonly label: string
  readonly points: readonly WorkPoint[]
}

export interface WorkPrecision {
  readonly problem: unknown
  readonly time: number
  readonly seed: number
  readonly version: string
  readonly trajectories: number
  readonly lines: readonly WorkLine[]
}

export interface WorkPrecisionOptions {
  /** T of the problem's own process. */
  readonly time: number
  /** Default 0. */
  readonly seed?: number
  /** Default 4000. */
  readonly trajectories?: number
  /** Timed runs of each method. Default 3. */
  readonly repeats?: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/**
 * Error against work on a problem: the relative error at T (docs/mathematics.md §5) of each method, with its evaluations of the score
 * and its CPU seconds. Compare methods at equal error, never at equal tolerance. `workPrecisionText` and `workPrecisionFigure` show it.
 *
 * @param families a line each: a label and the same method with more and more work
 * @throws InputError without a method, or for a time outside the process
 * @example
 * const families = { dopri8: [1e-4, 1e-6, 1e-8].map((rtol) => rungeKutta({ rtol, atol: rtol })) }
 * console.log(workPrecisionText(await workPrecision(families, problem, { time: 80 })))
 */
export async function workPrecision(
  families: Readonly<Record<string, readonly Method[]>>,
  problem: Problem,
  options: WorkPrecisionOptions,
): Promise<WorkPrecision> {
  const { time, seed = 0, trajectories = 4000, repeats = 3, onProgress, signal } = options
  checkInteger('trajectories', trajectories, 1)
  checkInteger('repeats', repeats, 1)
  const total = Object.values(families).reduce((sum, methods) => sum + methods.length, 0)
  if (total === 0) throw new InputError('families', families, 'at least one method')
  const truth = drawTruth(problem, time, trajectories, seed)
  let done = 0
  const lines: WorkLine[] = []
  for (const [label, methods] of Object.entries(families)) {
    const line: WorkPoint[] = []
    if (repeats > 1 && methods.length > 0)
      await measure(problem, methods[0], truth, { time, seed, signal }, 1)
    for (const method of methods) {
      signal?.throwIfAborted()
      onProgress?.({ done: done++, total, label })
      await new Promise((resolve) => setTimeout(resolve))
      const run = { time, seed, signal }
      const { statistics, ...work } = await measure(problem, method, truth, run, repeats)
      const { relativeError, standardError, maximumError } = statistics
      line.push({ method: method.name, error: relativeError, standardError, maximumError, ...work })
    }
    lines.push({ label, points: line })
  }
  return { problem: problem.specification, time, seed, version, trajectories, lines }
}

/** Work and error as aligned text: one line a method. */
export function workPrecisionText({ lines, trajectories }: WorkPrecision): string {
  const rows = lines.flatMap(({ label, points }) =>
    points.map(({ error, maximumError, evaluations, seconds }, i) => [
      i === 0 ? label : '',
      formatNumber(evaluations),
      formatNumber((seconds / trajectories) * 1e6),
      formatNumber(error),
      formatNumber(maximumError),
    ]),
  )
  return textTable(['method', 'evaluations/point', 'µs/point', 'relative error', 'largest'], rows)
}

/** The figure: relative error against evaluations of the score, or seconds, for each trajectory. */
export function workPrecisionFigure(
  { lines, time, trajectories }: WorkPrecision,
  work: 'evaluations' | 'seconds' = 'evaluations',
): Figure {
  return figures.errorAgainstWork({
    name: `work-precision-${work}`,
    title: `Error against work at T = ${time}`,
    workLabel: work === 'evaluations' ? 'score evaluations a point' : 'CPU microseconds a point',
    errorLabel: 'relative error',
    lines: lines.map(({ label, points }) => ({
      label,
      work: points.map(({ evaluations, seconds }) =>
        work === 'evaluations' ? evaluations : (seconds / trajectories) * 1e6,
      ),
      error: points.map(({ error }) => error),
    })),
  })
}
