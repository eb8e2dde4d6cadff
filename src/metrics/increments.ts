import { squaredDistances, weightedMean } from './error-statistics.ts'

/** What a map changes by along trajectories from one time to the next: where it is f it does not change. */
export interface Increment {
  readonly from: number
  readonly to: number
  /** ‖f̂(to, x(to)) − f̂(from, x(from))‖, relative to √(tr Cov(p_data)). */
  readonly size: number
  /** ‖f̂(to, x(to)) − x(0)‖, the error at the later time, likewise. */
  readonly error: number
}

/** When the error of a map arises (docs/mathematics.md §5.7). */
export interface Increments {
  /** ‖f̂(t₀, x(t₀)) − x(0)‖ at the first time. */
  readonly initialError: number
  readonly increments: readonly Increment[]
  /** initialError + Σ of the increments: never below the error at the last time, and more the more of them cancel. */
  readonly incrementBound: number
  /** incrementBound over the error at the last time: 1 where nothing cancels; null where that error is 0. */
  readonly cancellation: number | null
}

/** Known trajectories with a map's values along them. Weights alone, no derivative and no problem are needed. */
interface ValuesAlong {
  /** Ascending. */
  readonly times: ArrayLike<number>
  /** f̂ at each time, n·d values each. */
  readonly values: readonly ArrayLike<number>[]
  /** n·d values: where the trajectories start. */
  readonly x0: Float64Array
  /** n weights, constant along each trajectory. */
  readonly weights: Float64Array
  /** tr Cov(p_data), above 0: sizes are relative to its root. */
  readonly trace: number
}

/**
 * Splits the error along trajectories, f̂(T, x_T) − x₀ = [f̂(t₀, x_{t₀}) − x₀] + Σ_k [f̂(t_{k+1}, x_{t_{k+1}}) − f̂(t_k, x_{t_k})], from values
 * alone: ‖f̂(T, x_T) − x₀‖ ≤ initialError + Σ of the sizes, by the triangle inequality on the sample itself (docs/mathematics.md §5.7).
 */
export function increments({ times, values, x0, weights, trace }: ValuesAlong): Increments {
  const norm = weightedNorm(weights, trace)
  const steps = values.slice(1).map(
    (value, k): Increment => ({
      from: times[k],
      to: times[k + 1],
      size: norm(value, values[k]).norm,
      error: norm(value, x0).norm,
    }),
  )
  return gathered(norm(values[0], x0).norm, steps)
}

/** The sum of increments that are known. */
export function gathered(initialError: number, steps: readonly Increment[]): Increments {
  const incrementBound = steps.reduce((sum, { size }) => sum + size, initialError)
  const error = steps.at(-1)?.error ?? initialError
  return {
    initialError,
    increments: steps,
    incrementBound,
    cancellation: error > 0 ? incrementBound / error : null,
  }
}

export interface Norm {
  readonly norm: number
  /** Its square, the weighted mean of `squares`. */
  readonly mean: number
  /** |a − b|²/tr Cov of each row. */
  readonly squares: Float64Array
}

/** ‖a − b‖ over weighted rows, relative to √(tr Cov(p_data)), as errors are measured; b = 0 where it is left out. */
export function weightedNorm(
  weights: Float64Array,
  trace: number,
): (a: ArrayLike<number>, b?: ArrayLike<number>) => Norm {
  const n = weights.length
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return (a, b) => {
    const squares = squaredDistances(a, b, n, trace)
    const mean = weightedMean(squares, weights, total)
    return { norm: Math.sqrt(mean), mean, squares }
  }
}
