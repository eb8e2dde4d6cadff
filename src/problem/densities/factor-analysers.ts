import { FactorKernel } from '../../kernels/factors.ts'
import { invertPositive, multiplyRows, orthogonaliseColumns, transposed } from '../../numeric/matrix.ts'
import { createMoments, diagonalise, type Moments } from '../../numeric/moments.ts'
import { type Analysers, eigenOf, fullCovariance } from './factor-spec.ts'
import { gaussianSum, type Mixture } from './gaussian-sum.ts'
import { mixtureScoreJacobian } from './mixture-jacobian.ts'
import { withPrincipalAxes } from './structure.ts'
import { combineRows } from './timed-kernel.ts'

// below, full covariances are as cheap, and trajectories of them have kernels of their own
const LEAST_DIMENSION = 9
// 2 d q operations a component must be well below the 2 d² of a full covariance
const LARGEST_SHARE = 0.5
// of noise and factors, as variances: what differences of the two lose in digits
const LEAST_RATIO = 1e-12

/** Whether score and log-density are better had from the factors than from full covariances. */
export function isLowRank({ dimension: d, rank: q, factors, variances }: Analysers): boolean {
  if (d < LEAST_DIMENSION || q > LARGEST_SHARE * d) return false
  let largest = 0
  for (let at = 0; at < factors.length; at += q) {
    let square = variances[at / q]
    for (let j = at; j < at + q; j++) square += factors[j] ** 2
    largest = Math.max(largest, square)
  }
  return variances.every((variance) => variance > LEAST_RATIO * d * largest)
}

/**
 * A mixture of factor analysers, Σ w_k N(μ_k, F_k F_kᵀ + diag(ψ_k)), in O(d q) operations a component (docs/mathematics.md §1.3;
 * Ghahramani and Hinton 1996). With a noise for each coordinate a new time costs d q² more.
 *
 * @param known of the mixture, where they have been found already
 */
export function factorAnalysers(
  weights: Float64Array,
  means: Float64Array,
  analysers: Analysers,
  known?: Moments,
): Mixture {
  const { count, dimension: d, rank: q, variances } = analysers
  const isotropic = variances.every((variance, at) => variance === variances[at - (at % d)])
  const factors = turned(analysers)
  const squares = new Float64Array(count * q)
  for (let at = 0; at < factors.length; at++)
    squares[Math.floor(at / (d * q)) * q + (at % q)] += factors[at] ** 2
  const logWeights = weights.map(Math.log)

  let kernel: FactorKernel | undefined
  const getKernel = () => (kernel ??= new FactorKernel({ count, dimension: d, rank: q, means, factors }))

  // what depends on t alone, made anew when t or the quantity changes
  const tables = {
    constants: new Float64Array(count),
    inverse: new Float64Array(count * d),
    gains: new Float64Array(count * d),
    inner: new Float64Array(count * q * q),
  }
  const gram = new Float64Array(q * q)
  let made: { readonly t: number; readonly offset: 0 | 1 } = { t: Number.NaN, offset: 0 }
  function prepare(t: number, offset: 0 | 1): typeof tables {
    if (made.t === t && made.offset === offset) return tables
    const { constants, inverse, gains, inner } = tables
    const again = made.t === t
    made = { t, offset }
    for (let at = 0; at < count * d; at++) {
      inverse[at] = 1 / (variances[at] + t * t)
      gains[at] = offset === 1 ? variances[at] * inverse[at] : -inverse[at]
    }
    if (again) return tables
    for (let k = 0; k < count; k++) {
      const own = inner.subarray(k * q * q, (k + 1) * q * q)
      const logDeterminant = isotropic ? isotropicInner(k, t, own) : fullInner(k, t, own)
      constants[k] = logWeights[k] - (logDeterminant + d * Math.log(2 * Math.PI)) / 2
    }
    return tables
  }

  /** (I + Fᵀ F/(ψ + t²))⁻¹, and log det(Σ_k + t² I). */
  function isotropicInner(k: number, t: number, out: Float64Array): number {
    const variance = variances[k * d] + t * t
    let logDeterminant = d * Math.log(variance)
    for (let j = 0; j < q; j++) {
      const ratio = squares[k * q + j] / variance
      out[j * (q + 1)] = 1 / (1 + ratio)
      logDeterminant += Math.log1p(ratio)
    }
    return logDeterminant
  }

  function fullInner(k: number, t: number, out: Float64Array): number {
    gram.fill(0)
    let logDeterminant = 0
    for (let i = k * d; i < (k + 1) * d; i++) {
      const scale = tables.inverse[i]
      logDeterminant += Math.log(variances[i] + t * t)
      for (let a = 0; a < q; a++) {
        const factor = scale * factors[i * q + a]
        for (let b = 0; b <= a; b++) gram[a * q + b] += factor * factors[i * q + b]
      }
    }
    for (let j = 0; j < q; j++) gram[j * (q + 1)] += 1
    return logDeterminant + invertPositive(gram, q, out)
  }

  const combine = combineRows(getKernel, d, prepare)
  const raw = new Float64Array(q)
  const u = new Float64Array(q)
  const components = Array.from({ length: count }, (_, k) => lazyEigen(analysers, k))
  let jacobian: Mixture['scoreJacobian']
  const moments = known ?? momentsOf(weights, means, analysers)

  const density = gaussianSum({
    kind: 'mixture',
    finest: Math.sqrt(variances.reduce((least, variance) => Math.min(least, variance), Infinity)),
    moments,
    weights,
    means,
    components,
    atomic: false,
    variances: diagonals(analysers),
    score: (t, x, out) => combine(0, t, x, out),
    denoiser: (t, x, out) => combine(1, t, x, out),
    scoreJacobian(t, x, out) {
      jacobian ??= mixtureScoreJacobian({
        weights,
        means,
        eigenvalues: Float64Array.from(components.flatMap(({ values }) => Array.from(values))),
        eigenvectors: Float64Array.from(components.flatMap(({ vectors }) => Array.from(vectors))),
      })
      jacobian(t, x, out)
    },
    joints(t, x, start, out) {
      const { constants, inverse, inner } = prepare(t, made.offset)
      for (let k = 0; k < count; k++) {
        raw.fill(0)
        for (let i = 0, at = k * d; i < d; i++, at++) {
          const scaled = inverse[at] * (x[start + i] - means[at])
          for (let j = 0; j < q; j++) raw[j] += factors[at * q + j] * scaled
        }
        let quadratic = 0
        for (let j = 0; j < q; j++) {
          u[j] = 0
          for (let l = 0; l < q; l++) u[j] += inner[(k * q + j) * q + l] * raw[l]
          quadratic += u[j] * u[j]
        }
        for (let i = 0, at = k * d; i < d; i++, at++) {
          let residual = x[start + i] - means[at]
          for (let j = 0; j < q; j++) residual -= factors[at * q + j] * u[j]
          quadratic += residual * residual * inverse[at]
        }
        out[k] = constants[k] - quadratic / 2
      }
    },
    perturb(k, x, start, random) {
      for (let j = 0; j < q; j++) u[j] = random.normal()
      for (let i = 0, at = k * d; i < d; i++, at++) {
        let sum = Math.sqrt(variances[at]) * random.normal()
        for (let j = 0; j < q; j++) sum += factors[at * q + j] * u[j]
        x[start + i] += sum
      }
    },
  })
  // a noise for each coordinate is diagonal in this basis alone
  return isotropic && !known
    ? withPrincipalAxes(density, () => inAxes(weights, means, analysers, moments))
    : density
}

/** The factors with columns that are orthogonal in the metric of the noise. */
function turned({ count, dimension: d, rank: q, factors, variances }: Analysers): Float64Array {
  const out = Float64Array.from(factors, (value, at) => value / Math.sqrt(variances[Math.floor(at / q)]))
  for (let k = 0; k < count; k++) orthogonaliseColumns(out.subarray(k * d * q, (k + 1) * d * q), q)
  return out.map((value, at) => value * Math.sqrt(variances[Math.floor(at / q)]))
}

/** diag(F Fᵀ) + ψ, [K, d]. */
function diagonals({ rank: q, factors, variances }: Analysers): Float64Array {
  return variances.map((variance, at) => {
    let sum = variance
    for (let j = at * q; j < (at + 1) * q; j++) sum += factors[j] ** 2
    return sum
  })
}

/** Diagonalised when it is first read: it takes d³ operations, and most uses need none. */
function lazyEigen(analysers: Analysers, k: number) {
  let made: ReturnType<typeof eigenOf> | undefined
  const get = () => (made ??= eigenOf(analysers, k))
  return {
    get values() {
      return get().values
    },
    get vectors() {
      return get().vectors
    },
  }
}

function momentsOf(weights: Float64Array, means: Float64Array, analysers: Analysers): Moments {
  const d = analysers.dimension
  const mean = new Float64Array(d)
  weights.forEach((weight, k) => {
    for (let i = 0; i < d; i++) mean[i] += weight * means[k * d + i]
  })
  const covariance = Array.from({ length: d }, () => new Array<number>(d).fill(0))
  weights.forEach((weight, k) => {
    const own = fullCovariance(analysers, k)
    const away = mean.map((value, i) => means[k * d + i] - value)
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) covariance[i][j] += weight * (own[i][j] + away[i] * away[j])
  })
  return createMoments(mean, diagonalise(covariance, d, 'the covariance of the mixture'))
}

/** The same mixture in the eigenbasis of its covariance, z = Vᵀ x. */
function inAxes(weights: Float64Array, means: Float64Array, analysers: Analysers, moments: Moments): Mixture {
  const { count, dimension: d, rank: q, factors } = analysers
  const turn = transposed(moments.eigenvectors, d)
  const centres = new Float64Array(means.length)
  multiplyRows(turn, d, means, centres)
  const own = new Float64Array(factors.length)
  for (let k = 0; k < count; k++)
    for (let i = 0; i < d; i++)
      for (let l = 0; l < d; l++)
        for (let j = 0; j < q; j++) own[(k * d + i) * q + j] += turn[i * d + l] * factors[(k * d + l) * q + j]
  const mean = new Float64Array(d)
  multiplyRows(turn, d, moments.mean, mean)
  const eigenvectors = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0))
  return factorAnalysers(weights, centres, { ...analysers, factors: own }, { ...moments, mean, eigenvectors })
}
