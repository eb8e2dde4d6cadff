import { InputError } from '../../errors.ts'
import { createMoments } from '../../numeric/moments.ts'
import type { Random } from '../../random/random.ts'
import type { RadialSpec } from '../../specification/data.ts'
import type { Density, Times } from '../density.ts'
import { type SphereMean, sphereMean } from './bessel.ts'
import { cumulative, logRatios, normalisedWeights } from './weights.ts'

/** A mixture of spheres about one centre, each with Gaussian thickness: Σ w_k (uniform on |x − m| = R_k) * N(0, h_k² I). */
export interface Radial extends Density {
  /** m, [d] */
  readonly centre: Float64Array
  readonly weights: Float64Array
  /** R_k ≥ 0; 0 is a Gaussian about the centre. */
  readonly radii: Float64Array
  /** h_k² > 0 */
  readonly variances: Float64Array
}

/**
 * The density of a `radial` problem file. A diffused sphere is a sphere with v = h² + t², so everything has a closed
 * form: with r = |x − m|, z = rR/v and F of `sphereMean`,
 * log p = −½d log(2πv) − (r − R)²/(2v) + log F(z) − z (a von Mises–Fisher integral over the sphere).
 *
 * @throws InputError when counts or sizes do not fit
 */
export function radial(spec: RadialSpec): Radial {
  const d = spec.dimension
  const name = 'problem.data'
  const centre = Float64Array.from(spec.centre ?? new Array<number>(d).fill(0))
  if (centre.length !== d) throw new InputError(`${name}.centre`, spec.centre, `${d} numbers`)
  const weights = normalisedWeights(spec.weights, `${name}.weights`)
  for (const key of ['radii', 'thicknesses'] as const)
    if (spec[key].length !== weights.length)
      throw new InputError(`${name}.${key}`, spec[key], `${weights.length} numbers, one a weight`)
  const radii = Float64Array.from(spec.radii)
  const variances = Float64Array.from(spec.thicknesses, (thickness) => thickness * thickness)
  const count = weights.length
  const logWeights = weights.map(Math.log)
  const sums = cumulative(weights)
  const evaluate = sphereMean(d)
  const mean: SphereMean = { logScaled: 0, ratio: 0 }
  const share = new Float64Array(count)
  const ratios = new Float64Array(count)

  function distance(x: Float64Array, start: number): number {
    let largest = 0
    for (let i = 0; i < d; i++) largest = Math.max(largest, Math.abs(x[start + i] - centre[i]))
    if (largest === 0) return 0
    let sum = 0
    for (let i = 0; i < d; i++) sum += ((x[start + i] - centre[i]) / largest) ** 2
    return largest * Math.sqrt(sum)
  }

  /** Fills share and ratios at the radius r; returns log p_t. `shift` is added to the logarithms of the weights. */
  function respond(square: number, r: number, shift?: Float64Array): number {
    let largest = -Infinity
    for (let k = 0; k < count; k++) {
      const v = variances[k] + square
      evaluate((r / v) * radii[k], mean)
      ratios[k] = mean.ratio
      share[k] =
        logWeights[k] - (d / 2) * Math.log(2 * Math.PI * v) - (r - radii[k]) ** 2 / (2 * v) + mean.logScaled
      if (shift) share[k] += shift[k]
      if (share[k] > largest) largest = share[k]
    }
    let total = 0
    for (let k = 0; k < count; k++) {
      share[k] = Math.exp(share[k] - largest)
      total += share[k]
    }
    for (let k = 0; k < count; k++) share[k] /= total
    return largest + Math.log(total)
  }

  function score(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      respond(time * time, distance(x, start))
      let factor = 0
      for (let k = 0; k < count; k++) {
        const v = variances[k] + time * time
        factor += (share[k] * ((radii[k] / v) * radii[k] * ratios[k] - 1)) / v
      }
      for (let i = 0; i < d; i++) out[start + i] = factor * (x[start + i] - centre[i])
    }
  }

  function denoiser(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      respond(time * time, distance(x, start))
      let factor = 0
      for (let k = 0; k < count; k++) {
        const v = variances[k] + time * time
        factor += (share[k] * (variances[k] + (time / v) * time * radii[k] * radii[k] * ratios[k])) / v
      }
      for (let i = 0; i < d; i++) out[start + i] = centre[i] + factor * (x[start + i] - centre[i])
    }
  }

  function logDensity(t: Times, x: Float64Array, out: Float64Array, shift?: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      out[row] = respond(time * time, distance(x, start), shift)
    }
  }

  /** n rows, each of the shell that `choose` names. */
  function drawRows(n: number, random: Random, choose: (row: number) => number): Float64Array {
    const x = new Float64Array(n * d)
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const k = choose(row)
      let sum = 0
      for (let i = 0; i < d; i++) {
        x[start + i] = random.normal()
        sum += x[start + i] ** 2
      }
      const scale = radii[k] / Math.sqrt(sum)
      const deviation = Math.sqrt(variances[k])
      for (let i = 0; i < d; i++)
        x[start + i] = centre[i] + scale * x[start + i] + deviation * random.normal()
    }
    return x
  }

  const moments = radialMoments(centre, weights, radii, variances)
  return {
    kind: 'radial',
    dimension: d,
    terms: count,
    finest: Math.sqrt(variances.reduce((a, b) => Math.min(a, b), Infinity)),
    moments,
    centre,
    weights,
    radii,
    variances,
    atomic: false,
    score,
    denoiser,
    logDensity: (t, x, out) => logDensity(t, x, out),
    sample: (n, random) => drawRows(n, random, () => random.categorical(sums)),
    strata: {
      name: 'shells',
      masses: weights,
      spreads: weights.map(
        (weight, k) => (weight * (radii[k] * radii[k] + d * variances[k])) / moments.trace,
      ),
      whole: true,
      draw: (labels, random) => drawRows(labels.length, random, (row) => labels[row]),
      logDensity: (shares, t, x, out) => logDensity(t, x, out, logRatios(shares, weights)),
    },
  }
}

/** Mean m and covariance Σ w_k (R_k²/d + h_k²) I. */
function radialMoments(
  centre: Float64Array,
  weights: Float64Array,
  radii: Float64Array,
  variances: Float64Array,
) {
  const d = centre.length
  const variance = weights.reduce((sum, w, k) => sum + w * ((radii[k] * radii[k]) / d + variances[k]), 0)
  const vectors = Float64Array.from({ length: d * d }, (_, i) => Number(Math.floor(i / d) === i % d))
  return createMoments(centre, { values: new Float64Array(d).fill(variance), vectors })
}
