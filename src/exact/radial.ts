import { safeguardedNewton } from '../numeric/root.ts'
import type { Radial } from '../problem/densities/radial.ts'
import { type Shell, shell } from './shell.ts'

const LOG_HALF = Math.log(0.5)
// the map of a radius this small beside the scale is linear
const NEAR_CENTRE = 1e-7

interface RadialMap {
  /** f(t → u, x), u = 0 unless given. */
  evaluate(t: number, x: Float64Array, u?: number): Float64Array
  /** ∂f/∂x, [n, d, d]. */
  jacobian(t: number, x: Float64Array): Float64Array
}

/**
 * The exact two-time map of a radially symmetric density: the quantile map of the radius, along (x − m)/|x − m|
 * (docs/mathematics.md §3). Below the median radius it works with log P(|X| ≤ r), above with log P(|X| > r), so that both
 * tails keep their relative accuracy.
 */
export function radialMap(density: Radial): RadialMap {
  const { centre, dimension: d } = density
  const { scale } = density.moments
  const lawAt = remembered((t) => radiusLaw(density, t))
  const lawFrom = remembered((t) => radiusLaw(density, t))

  /** The image of a radius. */
  function image(t: number, u: number, r: number): number {
    return quantile(lawAt(u), lawFrom(t).logTails(r), (r * Math.hypot(scale, u)) / Math.hypot(scale, t))
  }

  return {
    evaluate(t, x, u = 0) {
      if (t === u) return x.slice()
      const out = new Float64Array(x.length)
      for (let row = 0; row < x.length; row += d) {
        const r = radiusOf(x, row, centre)
        const factor = r === 0 ? 0 : image(t, u, r) / r
        for (let i = 0; i < d; i++) out[row + i] = centre[i] + factor * (x[row + i] - centre[i])
      }
      return out
    },
    // along the radius the map stretches by the densities of the radius, across it by the radius itself
    jacobian(t, x) {
      const out = new Float64Array(x.length * d)
      for (let row = 0; row < x.length; row += d) {
        const r = Math.max(radiusOf(x, row, centre), NEAR_CENTRE * scale)
        const value = t === 0 ? r : image(t, 0, r)
        const along = t === 0 ? 1 : Math.exp(lawFrom(t).logDensity(r) - lawAt(0).logDensity(value))
        for (let i = 0; i < d; i++)
          for (let j = 0; j < d; j++) {
            const unit = ((x[row + i] - centre[i]) / r) * ((x[row + j] - centre[j]) / r)
            out[(row + i) * d + j] = (value / r) * (Number(i === j) - unit) + along * unit
          }
      }
      return out
    },
  }
}

function radiusOf(x: Float64Array, start: number, centre: Float64Array): number {
  let r = 0
  for (let i = 0; i < centre.length; i++) r = Math.hypot(r, x[start + i] - centre[i])
  return r
}

function remembered<T>(make: (t: number) => T): (t: number) => T {
  let last: { readonly t: number; readonly value: T } | null = null
  return (t) => {
    if (last?.t !== t) last = { t, value: make(t) }
    return last.value
  }
}

/** The law of |X_t − m|: the mixture of its shells. */
function radiusLaw({ dimension, weights, radii, variances }: Radial, t: number): Shell {
  const shells = Array.from(radii, (radius, k) => shell(dimension, radius, variances[k] + t * t))
  const logWeights = weights.map(Math.log)
  if (shells.length === 1) return shells[0]
  return {
    logDensity: (r) => logSum(shells.map((part, k) => logWeights[k] + part.logDensity(r))),
    logTails(r) {
      const tails = shells.map((part) => part.logTails(r))
      return [
        logSum(tails.map(([lower], k) => logWeights[k] + lower)),
        logSum(tails.map(([, upper], k) => logWeights[k] + upper)),
      ]
    },
  }
}

/** The radius with these tails: Newton on the logarithm of the smaller one, inside a bracket that shrinks at every step. */
function quantile(law: Shell, [logLower, logUpper]: readonly [number, number], guess: number): number {
  const side = logLower <= LOG_HALF ? 0 : 1
  const target = side === 0 ? logLower : logUpper
  const sign = side === 0 ? 1 : -1
  let low = 0
  let high = 2 * guess
  while (sign * (law.logTails(high)[side] - target) < 0) {
    low = high
    high *= 2
  }
  let log = 0
  return safeguardedNewton(
    (y) => {
      log = law.logTails(y)[side]
      return sign * (log - target)
    },
    (y, error) => {
      const rate = Math.exp(law.logDensity(y) - log)
      // the lower tail is nearly a power of the radius near the centre: Newton in log y there
      return side === 0 ? y * Math.exp(-error / (y * rate)) : y - error / rate
    },
    [low, high],
    Math.min(high, Math.max(low, guess)),
  )
}

function logSum(values: readonly number[]): number {
  const largest = Math.max(...values)
  if (largest === -Infinity) return largest
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}
