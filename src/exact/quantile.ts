import { safeguardedNewton } from '../numeric/root.ts'
import type { Marginal } from '../problem/densities/product-strata.ts'
import { type ComponentLaw, levelQuantile } from './levels.ts'
import { logNormalCdf, normalCdf, normalQuantileOfLog } from './normal.ts'

const LOG_HALF = Math.log(0.5)
// below this the sum of the components underflows and the logarithmic form is needed
const SMALLEST = 1e-290
// where d log F/dy is less than this part of one over the deviation of the data, its rounding does not place y well enough
const FLAT = 0.01

/** f(t → u, x) on the line, u = 0 unless given. */
export type LineMap = (t: number, x: number, u?: number) => number

/**
 * The exact two-time map of a 1-D Gaussian mixture, f(t → u, x) = F_u⁻¹(F_t(x)) with
 * F_t(x) = Σ w_k Φ((x − μ_k)/√(σ_k² + t²)) (docs/mathematics.md §3). Above the median it works with the survival
 * function, by reflection, so that both tails keep their relative accuracy; past 1e-290 with logarithms. Between modes, and with
 * point masses at u = 0, it compares by `levelQuantile`: the least y with F₀(y) ≥ F_t(x).
 */
export function quantileMap(marginal: Marginal): LineMap {
  const known = positive(marginal)
  const lower = lowerHalf(known)
  const upper = lowerHalf({ ...known, means: known.means.map((mean) => -mean) })
  const levels = betweenModes(known)
  const atomic = known.variances.some((variance) => variance === 0)
  return (t, x, u = 0) => {
    if (t === u) return x
    const logP = lower.logCdf(t * t, x)
    const side = logP <= LOG_HALF ? lower : upper
    const sign = side === lower ? 1 : -1
    const log = side === lower ? logP : upper.logCdf(t * t, -x)
    const bracket = side.bracket(u * u, log)
    // forward from between modes the image is well placed by the probability, but not to the last digits
    if (!(atomic && u === 0) && !(u > t && side.slope(t * t, sign * x, log) < levels.flat)) {
      const { y, slope } = side.quantile(u * u, log, sign * x, bracket)
      if (slope >= levels.flat) return sign * y
    }
    return levels.map(t, x, u, sign === 1 ? bracket : [-bracket[1], -bracket[0]])
  }
}

/** Without components of weight 0, in the order of their means. */
function positive({ weights, means, variances }: Marginal): Marginal {
  const order = Array.from(means.keys())
    .filter((k) => weights[k] > 0)
    .sort((a, b) => means[a] - means[b])
  const chosen = (values: Float64Array) => Float64Array.from(order, (k) => values[k])
  return { weights: chosen(weights), means: chosen(means), variances: chosen(variances) }
}

function betweenModes({ weights, means, variances }: Marginal) {
  const logWeights = weights.map(Math.log)
  const atoms = means.filter((_, k) => variances[k] === 0)
  const mean = weights.reduce((sum, weight, k) => sum + weight * means[k], 0)
  const variance = weights.reduce((sum, w, k) => sum + w * (variances[k] + (means[k] - mean) ** 2), 0)
  const at = (t: number) =>
    Array.from(means, (place, k) => normalComponent(place, Math.sqrt(variances[k] + t * t)))
  return {
    /** d log F/dy below which `map` is needed. */
    flat: FLAT / Math.sqrt(variance),
    map: (t: number, x: number, u: number, bracket: readonly [number, number]) =>
      levelQuantile({ from: at(t), x, to: at(u), logWeights, atoms: u === 0 ? atoms : [], bracket }),
  }
}

function normalComponent(mean: number, deviation: number): ComponentLaw {
  if (deviation === 0)
    return {
      logTails: (y) => (y < mean ? [-Infinity, 0] : [0, -Infinity]),
      logDensity: () => -Infinity,
    }
  return {
    logTails(y) {
      const z = (y - mean) / deviation
      return [logNormalCdf(z), logNormalCdf(-z)]
    },
    logDensity(y) {
      const z = (y - mean) / deviation
      return -(z * z + Math.log(2 * Math.PI)) / 2 - Math.log(deviation)
    },
  }
}

/** log p_t(x) of a 1-D Gaussian mixture: ∞ at a point mass, −∞ elsewhere where there is nothing else. */
export function logMarginal({ weights, means, variances }: Marginal): (t: number, x: number) => number {
  const joint = new Float64Array(weights.length)
  return (t, x) => {
    let largest = -Infinity
    for (let k = 0; k < joint.length; k++) {
      const variance = variances[k] + t * t
      const z = x - means[k]
      joint[k] =
        variance === 0
          ? z === 0 && weights[k] > 0
            ? Infinity
            : -Infinity
          : Math.log(weights[k]) - ((z / variance) * z + Math.log(2 * Math.PI * variance)) / 2
      largest = Math.max(largest, joint[k])
    }
    if (!Number.isFinite(largest)) return largest
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
    if (largest === -Infinity) return largest
    return largest + Math.log(logs.reduce((total, value) => total + Math.exp(value - largest), 0))
  }

  /** d/dy log F_u(y), given log F_u(y). */
  function slope(u2: number, y: number, logF: number): number {
    widen(u2)
    let sum = 0
    for (let k = 0; k < count; k++) {
      if (deviations[k] === 0) continue
      const z = (y - means[k]) / deviations[k]
      sum += (weights[k] / deviations[k]) * Math.exp(-(z * z) / 2 - logF)
    }
    return sum / Math.sqrt(2 * Math.PI)
  }

  /** An interval that y with log F_u(y) = logP is in. */
  function bracket(u2: number, logP: number): [number, number] {
    widen(u2)
    const z = normalQuantileOfLog(logP)
    // at the smallest of the components' own quantiles F_u is at most the probability, at the largest at least
    let low = Infinity
    let high = -Infinity
    for (let k = 0; k < count; k++) {
      const own = deviations[k] === 0 ? means[k] : means[k] + deviations[k] * z
      low = Math.min(low, own)
      high = Math.max(high, own)
    }
    const width = high - low
    return [low - 1e-12 * (width + Math.abs(low)), high + 1e-12 * (width + Math.abs(high))]
  }

  /** y with log F_u(y) = logP, and d log F_u/dy there: Newton on log F_u, safeguarded by a bracket that shrinks at every step. */
  function quantile(
    u2: number,
    logP: number,
    guess: number,
    [from, to]: readonly [number, number],
  ): { y: number; slope: number } {
    widen(u2)
    let rate = 0
    const y = safeguardedNewton(
      (place) => {
        const logF = logCdf(u2, place)
        rate = slope(u2, place, logF)
        return logF - logP
      },
      (place, error) => place - error / rate,
      [from, to],
      Math.min(to, Math.max(from, guess)),
    )
    return { y, slope: rate }
  }

  return { logCdf, slope, bracket, quantile }
}

/** Φ(distance / deviation), a step at 0 for a point mass. */
function component(distance: number, deviation: number): number {
  if (deviation > 0) return normalCdf(distance / deviation)
  return distance >= 0 ? 1 : 0
}
