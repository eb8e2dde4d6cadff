import type { Marginal } from '../problem/densities/product-strata.ts'
import { logNormalCdf, normalCdf, normalQuantileOfLog } from './normal.ts'

const LOG_HALF = Math.log(0.5)
// below this the sum of the components underflows and the logarithmic form is needed
const SMALLEST = 1e-290
const MOST_ITERATIONS = 200

/** f(t → u, x) on the line, u = 0 unless given. */
export type LineMap = (t: number, x: number, u?: number) => number

/**
 * The exact two-time map of a 1-D Gaussian mixture, f(t → u, x) = F_u⁻¹(F_t(x)) with
 * F_t(x) = Σ w_k Φ((x − μ_k)/√(σ_k² + t²)) (docs/mathematics.md §3). Above the median it works with the survival
 * function, by reflection, so that both tails keep their relative accuracy; past 1e-290 with logarithms.
 */
export function quantileMap(marginal: Marginal): LineMap {
  const lower = lowerHalf(marginal)
  const upper = lowerHalf({ ...marginal, means: marginal.means.map((mean) => -mean) })
  return (t, x, u = 0) => {
    const logP = lower.logCdf(t * t, x)
    if (logP <= LOG_HALF) return lower.quantile(u * u, logP, x)
    return -upper.quantile(u * u, upper.logCdf(t * t, -x), -x)
  }
}

/** log p_t(x) of a 1-D Gaussian mixture. */
export function logMarginal({ weights, means, variances }: Marginal): (t: number, x: number) => number {
  const joint = new Float64Array(weights.length)
  return (t, x) => {
    let largest = -Infinity
    for (let k = 0; k < joint.length; k++) {
      const variance = variances[k] + t * t
      const z = x - means[k]
      joint[k] = Math.log(weights[k]) - ((z / variance) * z + Math.log(2 * Math.PI * variance)) / 2
      largest = Math.max(largest, joint[k])
    }
    return largest + Math.log(joint.reduce((total, value) => total + Math.exp(value - largest), 0))
  }
}

/** log F_t and the quantile function of F_u for probabilities of at most a half. Times come as their squares. */
function lowerHalf({ weights, means, variances }: Marginal) {
  const count = weights.length
  const deviations = variances.map(Math.sqrt)
  let square = 0
  function widen(to: number): void {
    if (to === square) return
    square = to
    for (let k = 0; k < count; k++) deviations[k] = Math.sqrt(variances[k] + to)
  }

  function logCdf(square: number, x: number): number {
    let sum = 0
    for (let k = 0; k < count; k++)
      sum += weights[k] * component(x - means[k], Math.sqrt(variances[k] + square))
    if (sum > SMALLEST) return Math.log(sum)
    let largest = -Infinity
    const logs = weights.map((weight, k) => {
      const deviation = Math.sqrt(variances[k] + square)
      const value = Math.log(weight) + (deviation > 0 ? logNormalCdf((x - means[k]) / deviation) : -Infinity)
      largest = Math.max(largest, value)
      return value
    })
    return largest + Math.log(logs.reduce((total, value) => total + Math.exp(value - largest), 0))
  }

  /** d/dy log F_u(y), given log F_u(y). */
  function slope(y: number, logF: number): number {
    let sum = 0
    for (let k = 0; k < count; k++) {
      if (deviations[k] === 0) continue
      const z = (y - means[k]) / deviations[k]
      sum += (weights[k] / deviations[k]) * Math.exp(-(z * z) / 2 - logF)
    }
    return sum / Math.sqrt(2 * Math.PI)
  }

  /** y with log F_u(y) = logP: Newton on log F_u, safeguarded by a bracket that shrinks at every step. */
  function quantile(u2: number, logP: number, guess: number): number {
    widen(u2)
    const z = normalQuantileOfLog(logP)
    // at the smallest of the components' own quantiles F_u is at most the probability, at the largest at least
    let low = Infinity
    let high = -Infinity
    for (let k = 0; k < count; k++) {
      const own = means[k] + deviations[k] * z
      low = Math.min(low, own)
      high = Math.max(high, own)
    }
    const width = high - low
    low -= 1e-12 * (width + Math.abs(low))
    high += 1e-12 * (width + Math.abs(high))
    let y = Math.min(high, Math.max(low, guess))
    for (let i = 0; i < MOST_ITERATIONS; i++) {
      const logF = logCdf(u2, y)
      const error = logF - logP
      if (error === 0) return y
      if (error < 0) low = y
      else high = y
      const newton = y - error / slope(y, logF)
      // Newton must stay inside and bisection helps every fourth step on the plateaus between modes
      const next = newton > low && newton < high && i % 4 !== 3 ? newton : (low + high) / 2
      const step = Math.abs(next - y)
      y = next
      if (step <= 2e-16 * Math.abs(y) || high - low <= 2e-16 * Math.max(Math.abs(low), Math.abs(high))) break
    }
    return y
  }

  return { logCdf, quantile }
}

/** Φ(distance / deviation), a step at 0 for a point mass. */
function component(distance: number, deviation: number): number {
  if (deviation > 0) return normalCdf(distance / deviation)
  return distance >= 0 ? 1 : 0
}
