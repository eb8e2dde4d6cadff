import { modelMethod, trainModel } from '../../solvers/neural/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { exactMap, gaussianBaseline } from '../../src/exact/exact.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { version } from '../../src/version.ts'
import type { ExperimentRun } from '../experiment.ts'
import { rotatedProduct } from './rotated-product.ts'
import type { HighDimensionalSettings } from './settings.ts'

/** The largest time: about 8 data scales. */
export const TIME = 8

/** The networks that are compared, beside the map of the Gaussian. */
const NETWORKS = [
  { method: 'pinn', units: undefined },
  { method: 'pinn, dense part alone', units: 0 },
] as const

/** One network, or the Gaussian map, in one dimension. */
export interface HighDimensionalRow {
  readonly dimension: number
  readonly method: string
  readonly seed: number | null
  readonly steps: number
  /** √(E|f̂ − f|² / tr Cov) at T, by importance sampling (docs/mathematics.md §5), with one standard error. */
  readonly relativeError: number
  readonly standardError: number
  readonly medianError: number
  readonly effectiveSampleSize: number
  /** The error of the Gaussian map over that of this one. */
  readonly gain: number
  readonly seconds: number
  readonly secondsPerStep: number
}

/** What `high-dimensional` writes to results.json. */
export interface HighDimensionalResults {
  readonly time: number
  readonly seed: number
  readonly version: string
  readonly rows: readonly HighDimensionalRow[]
  /** Shorter trainings in the largest dimension. */
  readonly ladder: readonly HighDimensionalRow[]
  /** By dimension: how far the exact map is from the starts of the test trajectories, relative like every error. */
  readonly truth: readonly { readonly dimension: number; readonly disagreement: number }[]
}

type HighDimensionalOptions = ExperimentRun<HighDimensionalSettings>

/**
 * How the error of a trained consistency function grows with the dimension, on rotated products with an exact map
 * (docs/mathematics.md §3): the network of the defaults, the same without its additive part, and the full-covariance Gaussian
 * map that both have to beat.
 */
export async function highDimensional(options: HighDimensionalOptions): Promise<HighDimensionalResults> {
  const { seed, threads, settings, signal, onProgress } = options
  const { dimensions, seeds } = settings
  const last = dimensions.length - 1
  const total = dimensions.reduce((sum, { steps }) => sum + 2 * seeds * steps, 0)
  const extra = settings.ladder.map((share) => Math.ceil(share * dimensions[last].steps))
  const whole = total + extra.reduce((sum, steps) => sum + steps, 0)
  let before = 0
  const rows: HighDimensionalRow[] = []
  const ladder: HighDimensionalRow[] = []
  const truth: { dimension: number; disagreement: number }[] = []

  for (const [i, { dimension, steps, trajectories }] of dimensions.entries()) {
    const problem = rotatedProduct(dimension, seed)
    const measure = measurement(problem, trajectories, seed)
    truth.push({ dimension, disagreement: measure.disagreement })
    const gaussian = await measure.error(gaussianBaseline())
    const row = { dimension, gain: 1, seconds: 0, secondsPerStep: 0, steps: 0, seed: null }
    rows.push({ ...row, method: 'gaussian', ...gaussian })

    const trained = async (method: string, units: number | undefined, own: number, count: number) => {
      const result = await trainModel(problem, {
        loss: 'pinn',
        time: TIME,
        steps: count,
        seed: own,
        threads,
        ...(units !== undefined && { units }),
        signal,
        onProgress: ({ done }) =>
          onProgress?.({ done: before + done, total: whole, label: `${method}, d = ${dimension}` }),
      })
      before += count
      const error = await measure.error(modelMethod(result.model, { threads }))
      const { seconds, secondsPerStep } = result
      const gain = gaussian.relativeError / error.relativeError
      return { dimension, method, seed: own, steps: count, ...error, gain, seconds, secondsPerStep }
    }
    for (const { method, units } of NETWORKS)
      for (let k = 0; k < seeds; k++) rows.push(await trained(method, units, seed + k, steps))
    if (i === last) for (const count of extra) ladder.push(await trained('pinn', undefined, seed, count))
  }
  return { time: TIME, seed, version, rows, ladder, truth }
}

/** The error of a method on trajectories that are the same for all methods. */
function measurement(problem: Problem, count: number, seed: number) {
  const { density } = problem
  const { trace } = density.moments
  const random = Random.stream(seed, 'the test trajectories')
  const { x0, weights, positions, labels } = carriedSample(density, {
    time: TIME,
    count,
    intervals: 2,
    random,
    rtol: 1e-8,
  })
  const x = positions[2]
  const statistics = (estimate: Float64Array) => errorStatistics(x0, estimate, weights, trace, labels)
  const map = exactMap(density)
  return {
    disagreement: map ? statistics(map(TIME, x)).relativeError : Number.NaN,
    async error(method: Method) {
      const f = await solve(problem, method, { time: TIME })
      const { relativeError, standardError, medianError, effectiveSampleSize } = statistics(
        f.ve.evaluate(TIME, x),
      )
      return { relativeError, standardError, medianError, effectiveSampleSize }
    },
  }
}
