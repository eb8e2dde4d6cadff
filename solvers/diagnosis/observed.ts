import type { CarriedSample } from '../../src/metrics/carried-sample.ts'
import type { Density } from '../../src/problem/density.ts'
import type { Problem } from '../../src/problem/problem.ts'

/** A map at some times on some trajectories, where the truth is known. Times and points are those of the VE problem. */
export interface Observed {
  readonly problem: Problem
  /** T of the problem's own process. */
  readonly time: number
  /** Ascending, above 0, the last is T. */
  readonly times: readonly number[]
  /** At each time n·d values: where the trajectories are. */
  readonly positions: readonly Float64Array[]
  /** At each time n·d values of the map. */
  readonly values: readonly Float64Array[]
  /** n·d values: the truth at each time. */
  readonly x0: Float64Array
  readonly weights: Float64Array
}

// rows and times that a cause is fitted to: enough to tell causes apart, few enough to solve many of them in seconds
const ROWS = 400
// of data whose score costs as much as this many exponentials, fewer
const DEAR = 50
const DEAR_ROWS = 100
const TIMES = 5

/** Some trajectories of a sample, evenly, with their numbers. */
export function thinned(
  sample: CarriedSample,
  { dimension: d, terms = 1 }: Density,
): { readonly sample: CarriedSample; readonly pick: (x: Float64Array) => Float64Array } {
  const { positions, x0, weights } = sample
  const n = Math.min(terms > DEAR ? DEAR_ROWS : ROWS, weights.length)
  const rows = Array.from({ length: n }, (_, i) => Math.floor((i * weights.length) / n))
  const pick = (x: Float64Array) =>
    Float64Array.from({ length: n * d }, (_, i) => x[rows[Math.floor(i / d)] * d + (i % d)])
  const { labels: _, ...rest } = sample
  return {
    pick,
    sample: {
      ...rest,
      positions: positions.map(pick),
      x0: pick(x0),
      weights: Float64Array.from(rows, (row) => weights[row]),
    },
  }
}

/**
 * A map at some times of a sample.
 *
 * @param first number of the first time at which values are known
 * @param valuesAt n·d values of the map at time number k
 */
export function observe(
  problem: Problem,
  time: number,
  { times, positions, x0, weights }: CarriedSample,
  first: number,
  valuesAt: (k: number) => Float64Array,
): Observed {
  const start = times[first] > 0 ? first : first + 1
  const last = times.length - 1
  const even = Array.from({ length: TIMES }, (_, i) => Math.round(start + ((i + 1) / TIMES) * (last - start)))
  const chosen = [...new Set(even)]
  return {
    ...{ problem, time, x0, weights },
    times: chosen.map((k) => times[k]),
    positions: chosen.map((k) => positions[k]),
    values: chosen.map(valuesAt),
  }
}

/** How much of an error a prediction of the map explains. */
export interface Explained {
  /** 1 − E|f̂ − p|²/E|f̂ − f|²: of the squared error, most of which may lie in few points. */
  readonly square: number
  /** 1 − E|f̂ − p|/E|f̂ − f|: of the mean error, which is everywhere. */
  readonly mean: number
  /** √(E|p − f|² / tr Cov), the error that the prediction has itself, at the last time. */
  readonly error: number
  /** √(E|f̂ − p|² / tr Cov), what is left at the last time. */
  readonly rest: number
}

/** @param predicted n·d values at each time. @param variance of each of its values that is only sampled, where it is */
export function explained(
  { values, x0, weights, problem }: Observed,
  predicted: readonly Float64Array[],
  variance?: readonly Float64Array[],
): Explained {
  const { trace } = problem.density.moments
  const d = problem.dimension
  const total = weights.reduce((sum, weight) => sum + weight, 0) * trace
  let [square, left, mean, meanLeft, error, rest] = [0, 0, 0, 0, 0, 0]
  for (const [k, value] of values.entries()) {
    ;[error, rest] = [0, 0]
    for (let row = 0; row < weights.length; row++) {
      let [own, other, predictedSquare] = [0, 0, 0]
      for (let i = row * d; i < (row + 1) * d; i++) {
        const sampled = variance ? variance[k][i] : 0
        own += (value[i] - x0[i]) ** 2
        other += (value[i] - predicted[k][i]) ** 2 - sampled
        predictedSquare += (predicted[k][i] - x0[i]) ** 2 - sampled
      }
      const weight = weights[row]
      square += weight * own
      left += weight * other
      mean += weight * Math.sqrt(own)
      meanLeft += weight * Math.sqrt(Math.max(0, other))
      error += weight * predictedSquare
      rest += weight * other
    }
  }
  const share = (part: number, all: number) => (all > 0 ? 1 - part / all : 0)
  return {
    square: share(left, square),
    mean: share(meanLeft, mean),
    error: Math.sqrt(Math.max(0, error) / total),
    rest: Math.sqrt(Math.max(0, rest) / total),
  }
}

/** √(E|f̂ − f|² / tr Cov) at the last time, and over all times together. */
export function sizeOf({ values, x0, weights, problem }: Observed): {
  readonly last: number
  readonly all: number
} {
  const d = problem.dimension
  const total = weights.reduce((sum, weight) => sum + weight, 0) * problem.density.moments.trace
  const sizes = values.map((value) => {
    let sum = 0
    for (let i = 0; i < value.length; i++) sum += weights[Math.floor(i / d)] * (value[i] - x0[i]) ** 2
    return sum / total
  })
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  return { last: Math.sqrt(sizes[sizes.length - 1]), all: Math.sqrt(mean) }
}
