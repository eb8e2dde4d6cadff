import { multiplyRows, transposed } from '../../numeric/matrix.ts'
import { type Random, shuffle, systematic } from '../../random/random.ts'
import type { Density, Strata } from '../density.ts'

/** A Gaussian mixture in one dimension. */
export interface Marginal {
  readonly weights: Float64Array
  readonly means: Float64Array
  readonly variances: Float64Array
}

/**
 * The components of the marginals of a product. Each is a part in which one coordinate is of that component and all others are as in
 * the product; its density is p times the ratio of two densities on the line, so that in any dimension weights stay bounded.
 *
 * @param rotation R of z = R x, null where it is the identity
 * @param trace E|X₀ − EX₀|²
 */
export function productStrata(
  marginals: readonly Marginal[],
  rotation: Float64Array | null,
  trace: number,
  logDensity: NonNullable<Density['logDensity']>,
): Strata {
  const d = marginals.length
  const back = rotation && transposed(rotation, d)
  const places = marginals.flatMap(({ weights }, i) => Array.from(weights, (_, k) => ({ i, k })))
  const whole = places.length

  /** The coordinates of rows: their components in the proportions of each marginal, in an order of its own. */
  function draw(labels: Int32Array, random: Random): Float64Array {
    const n = labels.length
    const z = new Float64Array(n * d)
    marginals.forEach(({ weights, means, variances }, i) => {
      const chosen = shuffle(systematic(weights, n, random), random)
      for (let row = 0; row < n; row++) {
        const place = labels[row] === whole ? undefined : places[labels[row]]
        const k = place?.i === i ? place.k : chosen[row]
        z[row * d + i] = means[k] + Math.sqrt(variances[k]) * random.normal()
      }
    })
    if (!back) return z
    const x = new Float64Array(n * d)
    multiplyRows(back, d, z, x)
    return x
  }

  return {
    name: 'components of the marginals',
    masses: Float64Array.from(marginals.flatMap(({ weights }) => Array.from(weights))),
    spreads: Float64Array.from(
      marginals.flatMap(({ weights, means, variances }) => {
        const mean = weights.reduce((sum, weight, k) => sum + weight * means[k], 0)
        return Array.from(weights, (weight, k) => (weight * (variances[k] + (means[k] - mean) ** 2)) / trace)
      }),
    ),
    whole: false,
    draw,
    logDensity(shares, t, x, out) {
      logDensity(t, x, out)
      const ratios = new Float64Array(out.length).fill(shares[whole])
      let z = x
      if (rotation) {
        z = new Float64Array(x.length)
        multiplyRows(rotation, d, x, z)
      }
      let start = 0
      marginals.forEach((marginal, i) => {
        const own = shares.subarray(start, start + marginal.weights.length)
        start += own.length
        if (own.every((share) => share === 0)) return
        const excess = excessOf(marginal, own, t)
        for (let row = 0; row < out.length; row++) ratios[row] += excess(z[row * d + i])
      })
      for (let row = 0; row < out.length; row++) out[row] += Math.log(ratios[row])
    },
  }
}

/** Σ_k shares_k p_k(z) over the density Σ_k weights_k p_k(z) of the marginal, at time t. */
function excessOf({ weights, means, variances }: Marginal, shares: Float64Array, t: number) {
  const widened = variances.map((variance) => Math.max(variance + t * t, 1e-300))
  const logs = new Float64Array(weights.length)
  return (z: number): number => {
    let largest = -Infinity
    for (let k = 0; k < logs.length; k++) {
      logs[k] = -((z - means[k]) ** 2 / widened[k] + Math.log(widened[k])) / 2
      if (weights[k] > 0) largest = Math.max(largest, logs[k])
    }
    let [asked, all] = [0, 0]
    for (let k = 0; k < logs.length; k++) {
      const value = weights[k] > 0 ? Math.exp(logs[k] - largest) : 0
      asked += shares[k] * value
      all += weights[k] * value
    }
    return asked / all
  }
}
