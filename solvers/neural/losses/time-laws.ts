import { logNormalCdf, normalCdf, normalQuantileOfLog } from '../../../src/exact/normal.ts'
import type { Random } from '../../../src/random/random.ts'

// Both presets draw lognormal times, for data of standard deviation ½: Song and Dhariwal 2023 (arXiv:2310.14189), table 1;
// Geng et al. 2024 (arXiv:2406.14548). Times here are in the same units: σ = t/(2c), c the scale of the data.

/** The mean of ln σ. */
const LOG_MEAN = -1.1
/** The standard deviation of ln σ. */
const LOG_DEVIATION = 2

/** The standard deviation of the data that the papers' times are made for. */
export const PAPER_DEVIATION = 0.5

/** The quantile of the lognormal law of σ, cut off above at `largest`. */
export function lognormalQuantile(share: number, largest: number): number {
  const logP = Math.log(share) + logNormalCdf((Math.log(largest) - LOG_MEAN) / LOG_DEVIATION)
  const z = logP <= -Math.LN2 ? normalQuantileOfLog(logP) : -normalQuantileOfLog(Math.log(-Math.expm1(logP)))
  return Math.min(largest, Math.exp(LOG_MEAN + LOG_DEVIATION * z))
}

/** The lognormal probability of each interval between ascending σ, summed up and normalised: [0, …, 1]. */
export function cumulativeLognormal(sigma: Float64Array): Float64Array {
  const cdf = sigma.map((value) => normalCdf((Math.log(value) - LOG_MEAN) / LOG_DEVIATION))
  const total = cdf[cdf.length - 1] - cdf[0]
  return cdf.map((value) => (value - cdf[0]) / total)
}

/** φ uniform in [0, θ). */
export function uniformArrival(theta: number, random: Random): number {
  return theta * random.uniform()
}

// share of the batch at φ = θ, as in MeanFlow (arXiv:2505.13447)
const DIAGONAL = 0.75

/** φ = θ for three quarters of the points, where a sample of the noise gives the velocity, else uniform in [0, θ). */
export function mostlyDiagonalArrival(theta: number, random: Random): number {
  return random.uniform() < DIAGONAL ? theta : uniformArrival(theta, random)
}
