import { InputError } from '../../src/errors.ts'
import type { Density } from '../../src/problem/density.ts'
import type { Random } from '../../src/random/random.ts'

/** Pairs that share X₀ and ε, at two neighbouring times of training, in 1-D. */
export interface JointLaw {
  /** t_{n+1} and t_n */
  readonly late: number
  readonly early: number
  /** X_{t_{n+1}} and X_{t_n} */
  readonly x: Float64Array
  readonly partner: Float64Array
  /** The Euler step of the ODE from each x: the conditional mean by theory. */
  readonly step: Float64Array
  /** Δt² Cov(ε | x): the conditional variance by theory. */
  readonly variance: Float64Array
  /** The mean of partner − step over its standard error. */
  readonly meanInErrors: number
  /** E|partner − step|² over E of the variance by theory. */
  readonly varianceRatio: number
}

/** Draws pairs of consistency training and compares them with the theory of docs/mathematics.md §4.2. */
export function jointLaw(
  density: Density,
  late: number,
  early: number,
  count: number,
  random: Random,
): JointLaw {
  if (!density.sample) throw new InputError('the data', density.kind, 'data that can be sampled')
  const start = density.sample(count, random)
  const noise = start.map(() => random.normal())
  const x = start.map((value, i) => value + late * noise[i])
  const partner = start.map((value, i) => value + early * noise[i])
  const { mean, covariance } = noiseGiven(density, late, x)
  const step = x.map((value, i) => value - (late - early) * mean[i])
  const variance = covariance.map((value) => (late - early) ** 2 * value)
  const differences = partner.map((value, i) => value - step[i])
  const average = sum(differences) / count
  const square = sum(differences.map((value) => value * value)) / count
  return {
    late,
    early,
    x,
    partner,
    step,
    variance,
    meanInErrors: average / Math.sqrt(square / count),
    varianceRatio: square / (sum(variance) / count),
  }
}

/** E[ε | X_t = x] = (x − D)/t and Cov(ε | X_t = x) = ∂D/∂x (docs/mathematics.md §1.3), in 1-D. */
export function noiseGiven(
  density: Density,
  t: number,
  x: Float64Array,
): { mean: Float64Array; covariance: Float64Array } {
  const denoised = (points: Float64Array) => {
    const out = new Float64Array(points.length)
    density.denoiser(t, points, out)
    return out
  }
  const h = 1e-5 * Math.hypot(density.moments.scale, t)
  const [below, at, above] = [-h, 0, h].map((shift) => denoised(x.map((value) => value + shift)))
  return {
    mean: x.map((value, i) => (value - at[i]) / t),
    covariance: x.map((_, i) => (above[i] - below[i]) / (2 * h)),
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
