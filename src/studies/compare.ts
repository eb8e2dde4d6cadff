import type { ConsistencyFunction, Method } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import { extent, spread } from '../figures/facets.ts'
import { type Figure, figures } from '../figures/index.ts'
import { type ErrorStatistics, squaredDistances } from '../metrics/error-statistics.ts'
import {
  checkSampling,
  drawTruthAt,
  errorOn,
  type MeasureOptions,
  type Truth,
} from '../metrics/measure-error.ts'
import { points, rowMajor } from '../points/points.ts'
import type { Problem } from '../problem/problem.ts'
import { checkTime, ownData } from '../problem/process.ts'
import type { Progress } from '../progress.ts'
import { formatNumber, formatWithError } from '../report/format.ts'
import type { TableRow } from '../report/rows-html.ts'
import { solve } from '../solve.ts'
import { textTable } from './text-table.ts'

export interface CompareMethodsOptions extends MeasureOptions {
  /** Called before each method. */
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** What one method gave. */
export interface ComparedMethod extends ErrorStatistics {
  readonly method: string
  readonly f: ConsistencyFunction
  /** f(T, x) at the ends of the trajectories, n·d values of the problem's own process. */
  readonly values: Float64Array
  /** Evaluations of the score at one point, construction and, of networks, training included. */
  readonly evaluations: number
}

/** Several methods on the same trajectories of one problem. */
export interface MethodComparison {
  readonly problem: Problem
  readonly time: number
  readonly samples: number
  readonly seed: number
  readonly truth: Truth
  readonly methods: readonly ComparedMethod[]
  /** For `rowsHtml`: a row a method. */
  readonly rows: readonly TableRow[]
}

/**
 * Makes a consistency function by every method and measures all of them at the same places: the error of `measureError`
 * (docs/mathematics.md §5). `compareText` and `compareFigure` show it, and so does `rowsHtml(comparison.rows)`.
 *
 * @param methods what `rungeKutta`, `pinn` and the others make; labelled by their names, the second of a name by its number
 * @throws InputError without a method, for a time outside the process, or a method that does not fit the problem
 * @example
 * const comparison = await compare(problem, [gaussianBaseline(), rungeKutta(), pinn({ steps: 2000 })], { time: 10 })
 * console.log(compareText(comparison))
 */
export async function compare(
  problem: Problem,
  methods: readonly Method[],
  options: CompareMethodsOptions,
): Promise<MethodComparison> {
  if (!Array.isArray(methods) || methods.length === 0)
    throw new InputError('methods', methods, 'at least one method')
  const time = checkTime(problem, 'time', options.time, true)
  const { samples, seed } = checkSampling(options)
  const { onProgress, signal } = options
  const truth = await drawTruthAt(problem, time, samples, seed)
  const done: ComparedMethod[] = []
  for (const method of methods) {
    signal?.throwIfAborted()
    const before = done.filter(({ f }) => f.info.method === method.name).length
    const name = before === 0 ? method.name : `${method.name} (${before + 1})`
    onProgress?.({ done: done.length, total: methods.length, label: name })
    await new Promise((resolve) => setTimeout(resolve))
    const f = await solve(problem, method, { time, seed, signal })
    const values = rowMajor(f.evaluate(time, points(truth.x, problem.dimension)))
    const statistics = errorOn(truth, values, problem)
    done.push({ ...statistics, method: name, f, values, evaluations: f.info.functionEvaluations })
  }
  const rows = done.map(({ method, relativeError, standardError, medianError, evaluations }) => ({
    ...{ method, 'relative error': relativeError, '± standard error': standardError, median: medianError },
    'score evaluations': evaluations,
  }))
  return { problem, time, samples, seed, truth, methods: done, rows }
}

/** The comparison as aligned text: one line a method. */
export function compareText({ methods }: MethodComparison): string {
  const rows = methods.map(
    ({ method, relativeError, standardError, medianError, maximumError, evaluations }) => [
      method,
      formatWithError(relativeError, standardError),
      formatNumber(medianError),
      formatNumber(maximumError),
      formatNumber(evaluations),
    ],
  )
  return textTable(['method', 'relative error', 'median', 'largest', 'score evaluations'], rows)
}

// more dots than these are not seen in a panel
const MOST_DOTS = 1500

/**
 * Where each method is wrong: on the line its map over the true one, in more dimensions the error at the ends of the trajectories, seen
 * along the first two coordinates.
 */
export function compareFigure({ problem, time, truth, methods }: MethodComparison): Figure {
  const { dimension: d, density, process } = problem
  const n = truth.weights.length
  const note = ({ relativeError }: ComparedMethod) => `relative error ${formatNumber(relativeError, 2)}`
  if (d === 1) {
    const order = spread(n, n).sort((a, b) => truth.x[a] - truth.x[b])
    const sorted = (values: Float64Array) => order.map((row) => values[row])
    return figures.mapCurves({
      name: 'compare',
      title: `Where noise at T = ${time} comes from, by each method`,
      axes: ['x', 'f(T, x)'],
      x: sorted(truth.x),
      truth: sorted(ownData(process, truth.x0)),
      methods: methods.map((one) => ({ label: one.method, note: note(one), values: sorted(one.values) })),
    })
  }
  const shown = spread(n, MOST_DOTS)
  const start = ownData(process, truth.x0)
  const along = (i: number) => Float64Array.from(shown, (row) => truth.x[row * d + i])
  const [x, y] = [along(0), along(1)]
  const error = (values: Float64Array) => {
    const squares = squaredDistances(values, start, n, density.moments.trace)
    return Array.from(shown, (row) => Math.sqrt(squares[row]))
  }
  return figures.errorMaps({
    name: 'compare',
    title: `The error of each method at T = ${time}, by where the noise is`,
    extent: { x: extent(x), y: extent(y) },
    axes: ['x₁', 'x₂'],
    methods: methods.map((one) => ({ label: one.method, note: note(one), errors: error(one.values), x, y })),
  })
}
