import type { Marginal } from '../problem/densities/product-strata.ts'
import { addLogs } from './levels.ts'
import { logNormalCdf, normalCdf } from './normal.ts'

// below this a sum of tails underflows, and logarithms are needed
const SMALLEST = 1e-290

/**
 * The consistency function of point masses in 1-D: the first at which the weight up to it is F_t(x) or more, piecewise constant
 * (docs/mathematics.md §3). Decided by what those above have below x and those below have above x, so that it is right at any time,
 * however near the weights are to F_t(x).
 */
export function pointMasses({ weights, means }: Marginal): (t: number, x: number) => number {
  const order = Array.from(means.keys())
    .filter((k) => weights[k] > 0)
    .sort((a, b) => means[a] - means[b])
  const places = Float64Array.from(order, (k) => means[k])
  const shares = Float64Array.from(order, (k) => weights[k])
  const count = places.length
  // what the points from k on have below x
  const above = new Float64Array(count + 1)
  return (t, x) => {
    for (let k = count - 1; k >= 0; k--) above[k] = above[k + 1] + shares[k] * normalCdf((x - places[k]) / t)
    let below = 0
    for (let k = 0; k + 1 < count; k++) {
      below += shares[k] * normalCdf((places[k] - x) / t)
      const beyond = above[k + 1]
      if (below > SMALLEST || beyond > SMALLEST ? beyond <= below : isBelow(k, t, x)) return places[k]
    }
    return places[count - 1]
  }

  /** The same comparison after point k by logarithms. */
  function isBelow(k: number, t: number, x: number): boolean {
    return logTail(k + 1, count, -1, t, x) <= logTail(0, k + 1, 1, t, x)
  }

  function logTail(from: number, to: number, sign: 1 | -1, t: number, x: number): number {
    let sum = -Infinity
    for (let k = from; k < to; k++)
      sum = addLogs(sum, Math.log(shares[k]) + logNormalCdf((sign * (places[k] - x)) / t))
    return sum
  }
}
