import type { VeMap } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import type { CarriedSample } from '../metrics/carried-sample.ts'
import type { Density } from '../problem/density.ts'
import { largestShape, paretoShape } from './pareto.ts'

/** The certificate of docs/mathematics.md §5, relative to √(tr Cov(p_data)) like every error here. */
export interface Certificate {
  /** ∫₀ᵀ ‖r(t, ·)‖_{L²(p_t)} dt, an estimate of a bound on the relative error. */
  readonly estimate: number
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

/**
 * Bounds the error of a differentiable consistency function by its PDE residual r = ∂_t f̂ + a·∇f̂ on carried
 * trajectories: ‖f̂(T,·) − f(T,·)‖ ≤ ∫ ‖r(t,·)‖ dt (docs/mathematics.md §5), by Simpson's rule in θ on the sample's times.
 *
 * On trajectories that were drawn plainly, as without a log-density, rare points in the layers between modes can hold most of the
 * residual: then the Pareto k̂ of the sample is large, and `bound` says that the estimate is none (docs/mathematics.md §5.4).
 *
 * @throws InputError when the map has no Jacobian–vector product
 */
export function certificate(map: VeMap, density: Density, sample: CarriedSample): Certificate {
  if (!map.jvp)
    throw new InputError(
      'the map',
      'not differentiable',
      'a map with a Jacobian–vector product, as networks have',
    )
  const { scale, trace } = density.moments
  const n = sample.weights.length
  const total = sample.weights.reduce((sum, weight) => sum + weight, 0)
  const thetas = sample.times.map((time) => Math.atan2(time, scale))
  const step = (thetas.at(-1) as number) / (thetas.length - 1)
  const contributions = new Float64Array(n)
  let centre = 0
  let estimate = 0
  const byTime = Array.from(sample.times, (time, k) => {
    const squares = residualSquares(map, density, time, sample.positions[k], n)
    let mean = 0
    for (let i = 0; i < n; i++) mean += (sample.weights[i] * squares[i]) / (total * trace)
    const residual = Math.sqrt(mean)
    // dt/dθ = c/cos²θ
    const jacobian = scale / Math.cos(thetas[k]) ** 2
    const weight = simpson(k, thetas.length - 1) * step * jacobian
    estimate += weight * residual
    if (residual > 0) {
      const slope = weight / (2 * residual * total)
      centre += slope * mean
      for (let i = 0; i < n; i++) contributions[i] += (slope * sample.weights[i] * squares[i]) / trace
    }
    return { time, theta: thetas[k], residual, density: residual * jacobian }
  })
  let squares = 0
  for (let i = 0; i < n; i++) squares += (contributions[i] - sample.weights[i] * centre) ** 2
  const deviation = 1.96 * Math.sqrt(squares)
  const paretoK = paretoShape(contributions)
  return {
    estimate,
    interval: [Math.max(0, estimate - deviation), estimate + deviation],
    paretoK,
    bound: paretoK <= largestShape(n),
    byTime,
  }
}

/** |r(t, x)|² for each of n rows, r = ∂_t f̂ + a·∇f̂, a = (x − D(t, x))/t. */
function residualSquares(
  map: VeMap,
  density: Density,
  time: number,
  x: Float64Array,
  n: number,
): Float64Array {
  const d = x.length / n
  const velocity = new Float64Array(x.length)
  if (time > 0) {
    density.denoiser(time, x, velocity)
    for (let i = 0; i < x.length; i++) velocity[i] = (x[i] - velocity[i]) / time
  }
  const { tangent } = (map.jvp as NonNullable<VeMap['jvp']>)(time, x, velocity)
  const squares = new Float64Array(n)
  for (let i = 0; i < x.length; i++) squares[Math.floor(i / d)] += tangent[i] * tangent[i]
  return squares
}

/** The weight of node k of Simpson's rule with an even number of intervals, in units of the step. */
function simpson(k: number, intervals: number): number {
  if (k === 0 || k === intervals) return 1 / 3
  return k % 2 === 1 ? 4 / 3 : 2 / 3
}
