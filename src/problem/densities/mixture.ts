import { InputError } from '../../errors.ts'
import { MixtureKernel } from '../../kernels/mixture.ts'
import { multiplyRows, transposed } from '../../numeric/matrix.ts'
import { createMoments, diagonalise, type Eigen, type Moments } from '../../numeric/moments.ts'
import type { GaussianSpec, MixtureSpec } from '../../specification/data.ts'
import { factorAnalysers, isLowRank } from './factor-analysers.ts'
import { eigenOf, readFactors } from './factor-spec.ts'
import { gaussianSum, type Mixture } from './gaussian-sum.ts'
import { mixtureScoreJacobian } from './mixture-jacobian.ts'
import { withComponents, withPrincipalAxes } from './structure.ts'
import { combineRows } from './timed-kernel.ts'
import { normalisedWeights } from './weights.ts'

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
  const means = Float64Array.from(spec.means.flat())
  const forms = [spec.covariances, spec.stds, spec.factors ?? spec.noise].filter((form) => form !== undefined)
  if (forms.length !== 1)
    throw new InputError(
      'problem.data',
      Object.keys(spec),
      'one of covariances, stds, or factors with noise, one a weight',
    )
  if (spec.factors || spec.noise) {
    const analysers = readFactors(spec, dimension, count)
    if (isLowRank(analysers)) return factorAnalysers(weights, means, analysers)
    const full = Array.from(weights, (_, k) => eigenOf(analysers, k))
    return createMixture('mixture', weights, means, full)
  }
  const given = spec.covariances ?? spec.stds ?? []
  const name = spec.covariances ? 'problem.data.covariances' : 'problem.data.stds'
  if (given.length !== count) throw new InputError(name, given, `${count} entries, one a weight`)
  const components = spec.covariances
    ? spec.covariances.map((covariance, k) => diagonalise(covariance, dimension, `${name}[${k}]`))
    : (spec.stds ?? []).map((std, k) => diagonal(std, dimension, `${name}[${k}]`))
  return createMixture('mixture', weights, means, components)
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

/**
 * A mixture of Gaussians whose covariances are diagonalised.
 *
 * @param known its moments, where they have been found already
 */
export function createMixture(
  kind: string,
  weights: Float64Array,
  means: Float64Array,
  components: readonly Eigen[],
  known?: Moments,
): Mixture {
  const count = weights.length
  const d = means.length / count
  const logWeights = weights.map(Math.log)
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
  const tables = { constants, inverse, gains }
  let made: { readonly t: number; readonly offset: 0 | 1 } = { t: Number.NaN, offset: 0 }
  function prepare(t: number, offset: 0 | 1): typeof tables {
    if (made.t === t && made.offset === offset) return tables
    made = { t, offset }
    for (let k = 0; k < count; k++) {
      let logDeterminant = 0
      // of numbers that stay far from where doubles end: one logarithm for many
      let product = 1
      for (let j = k * d; j < (k + 1) * d; j++) {
        // the floor keeps 0 · score = 0 at t = 0 for points on the support of a degenerate component
        const variance = Math.max(eigenvalues[j] + t * t, 1e-300)
        inverse[j] = 1 / variance
        gains[j] = offset === 1 ? eigenvalues[j] / variance : -inverse[j]
        if (variance < 1e-100 || variance > 1e100) logDeterminant += Math.log(variance)
        else product *= variance
        if (product < 1e-200 || product > 1e200) {
          logDeterminant += Math.log(product)
          product = 1
        }
      }
      logDeterminant += Math.log(product)
      constants[k] = logWeights[k] - (logDeterminant + d * Math.log(2 * Math.PI)) / 2
    }
    return tables
  }

  const combine = combineRows(getKernel, d, prepare)
  // with the first slope, for its memory
  let jacobian: ReturnType<typeof mixtureScoreJacobian> | undefined
  const atomic = components.some(({ values }) => values.every((value) => value === 0))
  const parts = { weights, means, eigenvalues, eigenvectors }
  const density = gaussianSum({
    kind,
    finest: atomic
      ? 0
      : Math.sqrt(
          eigenvalues.reduce((least, value) => (value > 0 ? Math.min(least, value) : least), Infinity),
        ),
    moments: known ?? mixtureMoments(weights, means, components),
    weights,
    means,
    components,
    atomic,
    variances: eigenvalues,
    score: (t, x, out) => combine(0, t, x, out),
    denoiser: (t, x, out) => combine(1, t, x, out),
    scoreJacobian(t, x, out) {
      jacobian ??= mixtureScoreJacobian(parts)
      jacobian(t, x, out)
    },
    joints(t, x, start, out) {
      prepare(t, 0)
      for (let k = 0; k < count; k++) {
        let quadratic = 0
        for (let j = 0; j < d; j++) {
          let z = 0
          for (let i = 0; i < d; i++)
            z += eigenvectors[(k * d + i) * d + j] * (x[start + i] - means[k * d + i])
          quadratic += z * z * inverse[k * d + j]
        }
        out[k] = constants[k] - quadratic / 2
      }
    },
    perturb(k, x, start, random) {
      for (let j = 0; j < d; j++) {
        const length = Math.sqrt(eigenvalues[k * d + j]) * random.normal()
        for (let i = 0; i < d; i++) x[start + i] += length * eigenvectors[(k * d + i) * d + j]
      }
    },
  })
  withComponents(density, parts)
  return known ? density : withPrincipalAxes(density, () => inAxes(density))
}

/** The same mixture in the eigenbasis of its covariance, z = Vᵀ x. */
function inAxes({ kind, dimension: d, weights, means, components, moments }: Mixture): Mixture {
  const turn = transposed(moments.eigenvectors, d)
  const turned = (rows: Float64Array) => {
    const out = new Float64Array(rows.length)
    multiplyRows(turn, d, rows, out)
    return out
  }
  const own = components.map(({ values, vectors }) => ({
    values,
    vectors: transposed(turned(transposed(vectors, d)), d),
  }))
  const eigenvectors = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0))
  const aligned = { ...moments, mean: turned(moments.mean), eigenvectors }
  return createMixture(kind, weights, turned(means), own, aligned)
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
