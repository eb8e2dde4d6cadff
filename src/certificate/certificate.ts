import type { VeMap } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import type { CarriedSample } from '../metrics/carried-sample.ts'
import { weightedMean } from '../metrics/error-statistics.ts'
import type { Density } from '../problem/density.ts'
import { largestShape, paretoShape } from './pareto.ts'

/** The certificate of docs/mathematics.md §5, relative to √(tr Cov(p_data)) like every error here. */
export interface Certificate {
  /** ‖f̂(t₀, ·) − f(t₀, ·)‖ + ∫ ‖r(t, ·)‖_{L²(p_t)} dt from t₀ to T, an estimate of a bound on the relative error. */
  readonly estimate: number
  /** The first part of it: 0 for maps with f̂(0, x) = x and t₀ = 0. */
  readonly initialError: number
  /** How far the estimate may be off because tangents are known by differences only; null where they are exact. */
  readonly derivativeError: number | null
  /** estimate ± 1.96 standard errors. */
  readonly interval: readonly [number, number]
  /** Pareto k̂ of the contributions of the trajectories to the estimate: how heavy their tail is. */
  readonly paretoK: number
  /** Whether the estimate can be taken for a bound: false where k̂ is so large that rare points may hold much more. */
  readonly bound: boolean
  /** ‖r(t, ·)‖ and its share per unit of θ = arctan(t/c): the area under `density` over θ is the estimate. */
  readonly byTime: readonly {
    readonly time: number
    readonly theta: number
    readonly residual: number
    readonly density: number
  }[]
}

/** What a certificate needs of a map: values at one time, and tangents from then on. */
export interface AlongTrajectories {
  /** The time of the sample at which it starts. */
  readonly first: number
  /** f̂ there, n·d values. */
  readonly values: Float64Array
  /** r = ∂_t f̂ + a·∇f̂ at time number k, n·d values, and how far each may be off. */
  residual(k: number): { readonly tangent: Float64Array; readonly error?: Float64Array }
}

/**
 * Bounds the error of a differentiable consistency function by its PDE residual r = ∂_t f̂ + a·∇f̂ on carried
 * trajectories: ‖f̂(T,·) − f(T,·)‖ ≤ ‖f̂(t₀,·) − f(t₀,·)‖ + ∫ ‖r(t,·)‖ dt (docs/mathematics.md §5), by Simpson's rule in θ on the
 * sample's times from the first, t₀, at which the map is f.
 *
 * On trajectories that were drawn plainly, as without a log-density, rare points in the layers between modes can hold most of the
 * residual: then the Pareto k̂ of the sample is large, and `bound` says that the estimate is none (docs/mathematics.md §5.4).
 *
 * @throws InputError when the map has no Jacobian–vector product
 */
export function certificate(map: VeMap, density: Density, sample: CarriedSample): Certificate {
  const { jvp } = map
  if (!jvp)
    throw new InputError(
      'the map',
      'not differentiable',
      'a map with a Jacobian–vector product, as networks have',
    )
  const { times, positions } = sample
  const first = firstTime(times, map.startTime ?? 0)
  return certificateAlong(density, sample, {
    first,
    values: map.evaluate(times[first], positions[first]),
    residual: (k) => jvp.call(map, times[k], positions[k], velocity(density, times[k], positions[k])),
  })
}

/** The first time of a sample, from `start` on, that leaves an even number of intervals to the last. */
export function firstTime(times: Float64Array, start: number): number {
  const first = times.findIndex((time) => time >= start)
  if (first < 0 || first > times.length - 3)
    throw new InputError('the start of the map', start, `a time well below the largest, ${times.at(-1)}`)
  return first + ((times.length - 1 - first) % 2)
}

/** The certificate of whatever is known along the trajectories of a sample. */
export function certificateAlong(
  { moments: { scale, trace } }: Density,
  { times, weights, x0 }: CarriedSample,
  { first, values, residual: residualAt }: AlongTrajectories,
): Certificate {
  const n = weights.length
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const thetas = times.map((time) => Math.atan2(time, scale))
  const step = (thetas.at(-1) as number) / (thetas.length - 1)
  const contributions = new Float64Array(n)
  let centre = 0
  let estimate = 0
  let derivativeError: number | null = null
  /** Adds weight·‖v‖, with the part of every trajectory in it. */
  const addNorm = (v: Float64Array, weight: number): number => {
    const squares = rowSquares(v, n)
    const mean = weightedMean(squares, weights, total) / trace
    const norm = Math.sqrt(mean)
    estimate += weight * norm
    if (norm > 0) {
      const slope = weight / (2 * norm * total)
      centre += slope * mean
      for (let i = 0; i < n; i++) contributions[i] += (slope * weights[i] * squares[i]) / trace
    }
    return norm
  }
  const initialError = addNorm(
    values.map((value, i) => value - x0[i]),
    1,
  )
  const byTime = Array.from(times.subarray(first), (time, k) => {
    const { tangent, error } = residualAt(first + k)
    const theta = thetas[first + k]
    const jacobian = 1 / angleRate(scale, time)
    const weight = simpson(k, thetas.length - 1 - first) * step * jacobian
    const residual = addNorm(tangent, weight)
    if (error)
      derivativeError =
        (derivativeError ?? 0) +
        weight * Math.sqrt(weightedMean(rowSquares(error, n), weights, total) / trace)
    return { time, theta, residual, density: residual * jacobian }
  })
  let squares = 0
  for (let i = 0; i < n; i++) squares += (contributions[i] - weights[i] * centre) ** 2
  const deviation = 1.96 * Math.sqrt(squares)
  const paretoK = paretoShape(contributions)
  return {
    estimate,
    initialError,
    derivativeError,
    interval: [Math.max(0, estimate - deviation), estimate + deviation],
    paretoK,
    bound: paretoK <= largestShape(n),
    byTime,
  }
}

/**
 * dθ/dt = cos²θ/c, θ = arctan(t/c), by the angle as a double has it: tangents by t times its inverse are tangents by θ whatever t is, also at
 * the end of a process in which no data are left.
 */
export function angleRate(scale: number, t: number): number {
  return Math.cos(Math.atan2(t, scale)) ** 2 / scale
}

/** a = (x − D(t, x))/t, the velocity of the trajectories; 0 at t = 0. */
export function velocity(density: Density, time: number, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length)
  if (time === 0) return out
  density.denoiser(time, x, out)
  for (let i = 0; i < x.length; i++) out[i] = (x[i] - out[i]) / time
  return out
}

/** |v|² of each of n rows. */
function rowSquares(v: Float64Array, n: number): Float64Array {
  const d = v.length / n
  const squares = new Float64Array(n)
  for (let i = 0; i < v.length; i++) squares[Math.floor(i / d)] += v[i] * v[i]
  return squares
}

/** The weight of node k of Simpson's rule with an even number of intervals, in units of the step. */
function simpson(k: number, intervals: number): number {
  if (k === 0 || k === intervals) return 1 / 3
  return k % 2 === 1 ? 4 / 3 : 2 / 3
}
