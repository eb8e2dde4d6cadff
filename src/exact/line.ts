import { InputError } from '../errors.ts'
import type { Marginal } from '../problem/densities/product-strata.ts'
import type { Density } from '../problem/density.ts'
import { addLogs } from './levels.ts'
import { logNormalCdf, normalCdf } from './normal.ts'
import { logMarginal, quantileMap } from './quantile.ts'
import type { ExactSolution } from './solution.ts'

/**
 * A 1-D mixture: the quantile map, with slope f'(x) = p_t(x)/p₀(f(x)). With point masses in it f is constant where it is one of them, and
 * the flow is defined between times above 0.
 */
export function ofLine(marginal: Marginal): ExactSolution {
  const map = quantileMap(marginal)
  const start = startMap(marginal)
  const slope = lineSlope(marginal)
  return {
    evaluate: (t, x) => x.map((value) => start(t, value)),
    flow(t, u, x) {
      checkStart(marginal, t, u)
      return x.map((value) => (u === 0 ? start(t, value) : map(t, value, u)))
    },
    jacobian: (t, x) => x.map((value) => slope(t, value, start(t, value))),
  }
}

/** f(t, x) of a 1-D mixture, each component of which may be a point mass. */
export function startMap(marginal: Marginal): (t: number, x: number) => number {
  const every = marginal.variances.every((variance, k) => variance === 0 || marginal.weights[k] === 0)
  const map = every ? pointMasses(marginal) : quantileMap(marginal)
  return (t, x) => (t === 0 ? x : map(t, x))
}

/** p_t(x)/p₀(y) where y = f(t, x): 0 where y is a point mass. */
export function lineSlope(marginal: Marginal): (t: number, x: number, y: number) => number {
  const log = logMarginal(marginal)
  return (t, x, y) => (t === 0 ? 1 : Math.exp(log(t, x) - log(0, y)))
}

/** @throws InputError for a flow that starts at t = 0 from point masses */
export function checkStart({ weights, variances }: Marginal, t: number, u: number): void {
  if (t === 0 && u > 0 && variances.some((variance, k) => variance === 0 && weights[k] > 0))
    throw new InputError('t', t, 'a time above 0: some of the data are points')
}

/** p_t(x)/p₀(f) for the images f of n points of a line. */
export function slopesOnLine(
  density: Pick<Density, 'logDensity'>,
  t: number,
  x: Float64Array,
  images: Float64Array,
): Float64Array {
  const [there, here] = [new Float64Array(x.length), new Float64Array(x.length)]
  density.logDensity?.(t, x, there)
  density.logDensity?.(0, images, here)
  return there.map((value, i) => Math.exp(value - here[i]))
}

// below this a sum of tails underflows, and logarithms are needed
const SMALLEST = 1e-290

/**
 * The consistency function of point masses in 1-D: the first at which the weight up to it is F_t(x) or more, piecewise constant
 * (docs/mathematics.md §3). Decided by what those above have below x and those below have above x, so that it is right at any time,
 * however near the weights are to F_t(x).
 */
function pointMasses({ weights, means }: Marginal): (t: number, x: number) => number {
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
