import { effectiveSampleSize, errorStatistics, squaredDistances, weightedMean } from './error-statistics.ts'
import { increments } from './increments.ts'

/** Values of a map on trajectories that somebody else integrated: nothing is known of the data but these. */
export interface TrajectoryValues {
  /** K ascending times. */
  readonly times: Float64Array
  /** At each time n·d values: where the trajectories are. */
  readonly positions: readonly ArrayLike<number>[]
  /** At each time n·d values: the map there. */
  readonly values: readonly ArrayLike<number>[]
  /** n weights, at least 0. */
  readonly weights: Float64Array
  /** n·d values: one end of the same trajectories, integrated with half the steps. */
  readonly coarse?: ArrayLike<number>
}

/** Everything relative to √(tr Cov) of the trajectories' first points, as errors elsewhere are to that of the data. */
export interface TrajectoryErrors {
  /** √(E|f̂(t_K, x_K) − x_1|² / tr Cov(x_1)), with one standard error of it. */
  readonly error: number
  readonly standardError: number
  readonly median: number
  readonly maximum: number
  /** ‖f̂(t_1, x_1) − x_1‖ + Σ ‖f̂(t_{k+1}, x_{k+1}) − f̂(t_k, x_k)‖, never below `error` (docs/mathematics.md §5). */
  readonly incrementBound: number
  /** incrementBound over `error`: 1 where nothing cancels; null where that error is 0. */
  readonly cancellation: number | null
  /** √(tr Cov) of the first points, which all errors are relative to. */
  readonly spread: number
  /** The error of the best a x_K + b with one number a and d numbers b. */
  readonly affineError: number
  /** How far the coarse integration ends from the fine one; null where there is none. */
  readonly solverError: SolverError | null
  /** The error at every time, and the increment from the time before; the first increment is the error at the first time. */
  readonly byTime: readonly { readonly time: number; readonly error: number; readonly increment: number }[]
  /** The rows with the largest weighted squared errors, each with its error and its share of the sum. */
  readonly worst: readonly { readonly row: number; readonly error: number; readonly share: number }[]
  readonly effectiveSampleSize: number
}

/** The difference between an integration and one with half its steps: above the error of the finer one for every method of order 1 or more. */
interface SolverError {
  /** Relative to √(tr Cov) of the points at that end. */
  readonly value: number
  /** Which end of the trajectories the coarse points are: those at the first time, or at the last. */
  readonly end: 'first' | 'last'
}

const WORST = 8
// coarse points further than this from both ends are those of other trajectories
const NEAR = 0.7

/**
 * How far a map is from the flow of a teacher, from values alone: f̂ at the points of trajectories x(t_1), …, x(t_K) of the teacher's ODE
 * should be x(t_1) everywhere (docs/mathematics.md §5).
 *
 * @param values at least 2 trajectories and 2 times; the points at the first time are not all the same
 * @returns null for `solverError` also where the coarse points are near neither end: see `coarseEnd`
 */
export function trajectoryErrors(values: TrajectoryValues): TrajectoryErrors {
  const { times, positions, values: f, weights, coarse } = values
  const n = weights.length
  const truth = toFloat64(positions[0])
  const variance = spread(truth, weights)
  const rms = (a: ArrayLike<number>, b: ArrayLike<number>, unit: number) =>
    Math.sqrt(weightedMean(squaredDistances(a, b, n), weights) / unit)
  const steps = increments({ times, values: f, x0: truth, weights, trace: variance })
  const first = steps.initialError
  const last = f[f.length - 1]
  const statistics = errorStatistics(truth, toFloat64(last), weights, variance)
  const end = coarse && coarseEnd(values)
  return {
    error: statistics.relativeError,
    standardError: statistics.standardError,
    median: statistics.medianError,
    maximum: statistics.maximumError,
    incrementBound: steps.incrementBound,
    cancellation: steps.cancellation,
    spread: Math.sqrt(variance),
    affineError: affineError(truth, positions[positions.length - 1], weights),
    solverError:
      coarse && end
        ? {
            end,
            value:
              end === 'first'
                ? rms(coarse, truth, variance)
                : rms(
                    coarse,
                    positions[positions.length - 1],
                    spread(positions[positions.length - 1], weights),
                  ),
          }
        : null,
    byTime: [
      { time: times[0], error: first, increment: first },
      ...steps.increments.map(({ to, size, error }) => ({ time: to, error, increment: size })),
    ],
    worst: worstRows(last, truth, weights, variance),
    effectiveSampleSize: effectiveSampleSize(weights),
  }
}

/** The end of the trajectories that the coarse points belong to; null where they are near neither. */
export function coarseEnd({ positions, weights, coarse }: TrajectoryValues): 'first' | 'last' | null {
  if (!coarse) return null
  const [first, last] = [positions[0], positions[positions.length - 1]].map((end) => {
    const distance = weightedMean(squaredDistances(coarse, end, weights.length), weights)
    return Math.sqrt(distance / spread(end, weights))
  })
  if (Math.min(first, last) > NEAR) return null
  return first <= last ? 'first' : 'last'
}

/** tr Cov of n weighted rows. */
export function spread(x: ArrayLike<number>, weights: Float64Array): number {
  const mean = weightedMeans(x, weights)
  return weightedMean(squaredDistances(x, mean, weights.length), weights)
}

function weightedMeans(x: ArrayLike<number>, weights: Float64Array): Float64Array {
  const d = x.length / weights.length
  const mean = new Float64Array(d)
  let total = 0
  for (let row = 0, at = 0; row < weights.length; row++) {
    total += weights[row]
    for (let i = 0; i < d; i++, at++) mean[i] += weights[row] * x[at]
  }
  return mean.map((sum) => sum / total)
}

/** The relative error of the best a x + b: √(1 − (tr Cov(x, y))² / (tr Cov(x) tr Cov(y))). */
function affineError(y: Float64Array, x: ArrayLike<number>, weights: Float64Array): number {
  const [mx, my] = [weightedMeans(x, weights), weightedMeans(y, weights)]
  const d = mx.length
  let [xx, xy, yy] = [0, 0, 0]
  for (let row = 0, at = 0; row < weights.length; row++) {
    for (let i = 0; i < d; i++, at++) {
      const [u, v] = [x[at] - mx[i], y[at] - my[i]]
      xx += weights[row] * u * u
      xy += weights[row] * u * v
      yy += weights[row] * v * v
    }
  }
  return xx === 0 ? 1 : Math.sqrt(Math.max(0, 1 - (xy * xy) / (xx * yy)))
}

/**
 * The eight rows that hold most of the weighted squared error.
 *
 * @param unit the square by which errors are relative
 */
export function worstRows(
  estimate: ArrayLike<number>,
  truth: ArrayLike<number>,
  weights: Float64Array,
  unit: number,
): TrajectoryErrors['worst'] {
  const squares = squaredDistances(estimate, truth, weights.length)
  const parts = squares.map((square, row) => square * weights[row])
  const total = parts.reduce((sum, part) => sum + part, 0)
  return Array.from(parts.keys())
    .sort((a, b) => parts[b] - parts[a] || a - b)
    .slice(0, WORST)
    .map((row) => ({
      row,
      error: Math.sqrt(squares[row] / unit),
      share: total === 0 ? 0 : parts[row] / total,
    }))
}

function toFloat64(x: ArrayLike<number>): Float64Array {
  return x instanceof Float64Array ? x : Float64Array.from(x)
}
