import { InputError } from '../../errors.ts'
import { MixtureKernel } from '../../kernels/mixture.ts'
import { createMoments, diagonalise, type Eigen } from '../../numeric/moments.ts'
import type { Random } from '../../random/random.ts'
import type { GaussianSpec, MixtureSpec } from '../../specification.ts'
import type { Density, Times } from '../density.ts'
import { mixtureScoreJacobian } from './mixture-jacobian.ts'
import { withComponents } from './structure.ts'
import { combineRows } from './timed-kernel.ts'
import { cumulative, logRatios, normalisedWeights } from './weights.ts'

/** A Gaussian mixture, Σ w_k N(μ_k, Σ_k), with every covariance diagonalised once. */
export interface Mixture extends Density {
  readonly weights: Float64Array
  /** [K, d] row-major */
  readonly means: Float64Array
  readonly components: readonly Eigen[]
}

/**
 * The density of a `mixture` problem file. A diffused component is N(μ_k, Σ_k + t² I), so everything has a closed
 * form; responsibilities in log-sum-exp form (docs/mathematics.md §1).
 *
 * @throws InputError when counts or sizes do not fit, or a covariance is not one
 */
export function mixture(spec: MixtureSpec): Mixture {
  const weights = normalisedWeights(spec.weights, 'problem.data.weights')
  const dimension = spec.means[0]?.length ?? 0
  const count = weights.length
  if (spec.means.length !== count)
    throw new InputError('problem.data.means', spec.means, `${count} means, one a weight`)
  spec.means.forEach((mean, k) => {
    if (mean.length !== dimension)
      throw new InputError(`problem.data.means[${k}]`, mean, `${dimension} numbers`)
  })
  if ((spec.covariances === undefined) === (spec.stds === undefined))
    throw new InputError('problem.data', Object.keys(spec), 'either covariances or stds, one a weight')
  const given = spec.covariances ?? spec.stds ?? []
  const name = spec.covariances ? 'problem.data.covariances' : 'problem.data.stds'
  if (given.length !== count) throw new InputError(name, given, `${count} entries, one a weight`)
  const components = spec.covariances
    ? spec.covariances.map((covariance, k) => diagonalise(covariance, dimension, `${name}[${k}]`))
    : (spec.stds ?? []).map((std, k) => diagonal(std, dimension, `${name}[${k}]`))
  return createMixture('mixture', weights, Float64Array.from(spec.means.flat()), components)
}

/** The density of a `gaussian` problem file: a mixture of one component. */
export function gaussian(spec: GaussianSpec): Mixture {
  const eigen = diagonalise(spec.covariance, spec.mean.length, 'problem.data.covariance')
  return createMixture('gaussian', Float64Array.of(1), Float64Array.from(spec.mean), [eigen])
}

function diagonal(std: number | number[], dimension: number, parameter: string): Eigen {
  const stds = typeof std === 'number' ? new Array<number>(dimension).fill(std) : std
  return diagonalise(
    stds.map((value, i) => stds.map((_, j) => (i === j ? value * value : 0))),
    dimension,
    parameter,
  )
}

/** A mixture of Gaussians whose covariances are diagonalised. */
export function createMixture(
  kind: string,
  weights: Float64Array,
  means: Float64Array,
  components: readonly Eigen[],
): Mixture {
  const count = weights.length
  const d = means.length / count
  const logWeights = weights.map(Math.log)
  const sums = cumulative(weights)
  // [K, d] and [K, d, d], flat for the loops below
  const eigenvalues = Float64Array.from(components.flatMap(({ values }) => Array.from(values)))
  const eigenvectors = Float64Array.from(components.flatMap(({ vectors }) => Array.from(vectors)))

  // with the first score: an instance of the kernels takes memory
  let kernel: MixtureKernel | undefined
  const getKernel = () => (kernel ??= new MixtureKernel({ count, dimension: d, means, eigenvectors }))

  // what depends on t alone, made anew when t or the quantity changes
  const constants = new Float64Array(count)
  const inverse = new Float64Array(count * d)
  const gains = new Float64Array(count * d)
  let made: { readonly t: number; readonly offset: 0 | 1 } = { t: Number.NaN, offset: 0 }
  function prepare(t: number, offset: 0 | 1): void {
    if (made.t === t && made.offset === offset) return
    made = { t, offset }
    for (let k = 0; k < count; k++) {
      let logDeterminant = 0
      for (let j = k * d; j < (k + 1) * d; j++) {
        // the floor keeps 0 · score = 0 at t = 0 for points on the support of a degenerate component
        const variance = Math.max(eigenvalues[j] + t * t, 1e-300)
        inverse[j] = 1 / variance
        gains[j] = offset === 1 ? eigenvalues[j] / variance : -inverse[j]
        logDeterminant += Math.log(variance)
      }
      constants[k] = logWeights[k] - (logDeterminant + d * Math.log(2 * Math.PI)) / 2
    }
    getKernel().load({ constants, inverse, gains })
  }

  const combine = combineRows(getKernel, d, prepare)

  /** `shift` is added to the logarithms of the weights. */
  function logSum(t: Times, x: Float64Array, out: Float64Array, shift?: Float64Array): void {
    const joint = new Float64Array(count)
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      prepare(typeof t === 'number' ? t : t[row], 0)
      for (let k = 0; k < count; k++) {
        let quadratic = 0
        for (let j = 0; j < d; j++) {
          let z = 0
          for (let i = 0; i < d; i++)
            z += eigenvectors[(k * d + i) * d + j] * (x[start + i] - means[k * d + i])
          quadratic += z * z * inverse[k * d + j]
        }
        joint[k] = constants[k] - quadratic / 2 + (shift ? shift[k] : 0)
      }
      out[row] = logSumExp(joint)
    }
  }

  /** n rows, each of the component that `choose` names. */
  function drawRows(n: number, random: Random, choose: (row: number) => number): Float64Array {
    const x = new Float64Array(n * d)
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const k = choose(row)
      for (let i = 0; i < d; i++) x[start + i] = means[k * d + i]
      for (let j = 0; j < d; j++) {
        const length = Math.sqrt(eigenvalues[k * d + j]) * random.normal()
        for (let i = 0; i < d; i++) x[start + i] += length * eigenvectors[(k * d + i) * d + j]
      }
    }
    return x
  }

  const atomic = components.some(({ values }) => values.every((value) => value === 0))
  const known = { weights, means, eigenvalues, eigenvectors }
  const moments = mixtureMoments(weights, means, components)
  const density: Mixture = {
    kind,
    dimension: d,
    terms: count,
    finest: atomic
      ? 0
      : Math.sqrt(
          eigenvalues.reduce((least, value) => (value > 0 ? Math.min(least, value) : least), Infinity),
        ),
    moments,
    weights,
    means,
    components,
    atomic,
    score: (t, x, out) => combine(0, t, x, out),
    denoiser: (t, x, out) => combine(1, t, x, out),
    scoreJacobian: mixtureScoreJacobian(known),
    logDensity: (t, x, out) => logSum(t, x, out),
    sample: (n, random) => drawRows(n, random, () => random.categorical(sums)),
    strata: {
      name: 'components of the mixture',
      masses: weights,
      spreads: weights.map((weight, k) => {
        let square = 0
        for (let i = k * d; i < (k + 1) * d; i++)
          square += eigenvalues[i] + (means[i] - moments.mean[i - k * d]) ** 2
        return (weight * square) / moments.trace
      }),
      whole: true,
      draw: (labels, random) => drawRows(labels.length, random, (row) => labels[row]),
      logDensity: (shares, t, x, out) => logSum(t, x, out, logRatios(shares, weights)),
    },
  }
  return withComponents(density, known)
}

function logSumExp(values: Float64Array): number {
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity)
  let sum = 0
  for (const value of values) sum += Math.exp(value - largest)
  return largest + Math.log(sum)
}

function mixtureMoments(weights: Float64Array, means: Float64Array, components: readonly Eigen[]) {
  const first = components[0] as Eigen
  const d = first.values.length
  // one component: its own decomposition, so that nothing is diagonalised twice
  if (components.length === 1) return createMoments(means, first)
  const mean = new Float64Array(d)
  weights.forEach((weight, k) => {
    for (let i = 0; i < d; i++) mean[i] += weight * means[k * d + i]
  })
  const covariance = Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (_, j) => {
      let sum = 0
      components.forEach(({ values, vectors }, k) => {
        let within = 0
        for (let l = 0; l < d; l++) within += vectors[i * d + l] * values[l] * vectors[j * d + l]
        sum += weights[k] * (within + (means[k * d + i] - mean[i]) * (means[k * d + j] - mean[j]))
      })
      return sum
    }),
  )
  return createMoments(mean, diagonalise(covariance, d, 'the covariance of the mixture'))
}
