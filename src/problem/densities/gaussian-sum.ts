import type { Eigen, Moments } from '../../numeric/moments.ts'
import type { Random } from '../../random/random.ts'
import type { Density, Times } from '../density.ts'
import { cumulative, logRatios } from './weights.ts'

/** A Gaussian mixture, Σ w_k N(μ_k, Σ_k). */
export interface Mixture extends Density {
  readonly weights: Float64Array
  /** [K, d] row-major */
  readonly means: Float64Array
  /** The covariances, diagonalised; of factor analysers when they are first read. */
  readonly components: readonly Eigen[]
}

/** What differs between mixtures of full covariances and of factor analysers. */
interface Parts
  extends Pick<
    Mixture,
    'kind' | 'weights' | 'means' | 'components' | 'atomic' | 'score' | 'denoiser' | 'scoreJacobian'
  > {
  readonly finest: number
  readonly moments: Moments
  /** [K, d] Variances along d orthogonal axes of each component. */
  readonly variances: Float64Array
  /** out_k = log(w_k N(x; μ_k, Σ_k + t² I)), at the row of x that begins at `start`. */
  joints(t: number, x: Float64Array, start: number, out: Float64Array): void
  /** Adds a draw of N(0, Σ_k) to the row of x that begins at `start`. */
  perturb(k: number, x: Float64Array, start: number, random: Random): void
}

/** The density of a mixture: log-density, samples and strata follow from its parts. */
export function gaussianSum({ joints, perturb, variances, ...parts }: Parts): Mixture {
  const { weights, means, moments } = parts
  const count = weights.length
  const d = means.length / count
  const sums = cumulative(weights)

  /** `shift` is added to the logarithms of the weights. */
  function logSum(t: Times, x: Float64Array, out: Float64Array, shift?: Float64Array): void {
    const joint = new Float64Array(count)
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      joints(typeof t === 'number' ? t : t[row], x, start, joint)
      if (shift) for (let k = 0; k < count; k++) joint[k] += shift[k]
      out[row] = logSumExp(joint)
    }
  }

  /** n rows, each of the component that `choose` names. */
  function drawRows(n: number, random: Random, choose: (row: number) => number): Float64Array {
    const x = new Float64Array(n * d)
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const k = choose(row)
      for (let i = 0; i < d; i++) x[start + i] = means[k * d + i]
      perturb(k, x, start, random)
    }
    return x
  }

  return {
    ...parts,
    dimension: d,
    terms: count,
    logDensity: (t, x, out) => logSum(t, x, out),
    sample: (n, random) => drawRows(n, random, () => random.categorical(sums)),
    strata: {
      name: 'components of the mixture',
      masses: weights,
      spreads: weights.map((weight, k) => {
        let square = 0
        for (let i = k * d; i < (k + 1) * d; i++)
          square += variances[i] + (means[i] - moments.mean[i - k * d]) ** 2
        return (weight * square) / moments.trace
      }),
      whole: true,
      draw: (labels, random) => drawRows(labels.length, random, (row) => labels[row]),
      logDensity: (shares, t, x, out) => logSum(t, x, out, logRatios(shares, weights)),
    },
  }
}

function logSumExp(values: Float64Array): number {
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity)
  let sum = 0
  for (const value of values) sum += Math.exp(value - largest)
  return largest + Math.log(sum)
}
