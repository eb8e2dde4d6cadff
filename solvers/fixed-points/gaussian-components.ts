import { InputError } from '../../src/errors.ts'
import type { Eigen } from '../../src/numeric/moments.ts'
import type { Empirical } from '../../src/problem/densities/empirical.ts'
import type { Mixture } from '../../src/problem/densities/gaussian-sum.ts'
import type { Product } from '../../src/problem/densities/product.ts'
import type { Density } from '../../src/problem/density.ts'

/** Data as Gaussians: Σ w_k N(μ_k, Σ_k), every covariance diagonalised. */
export interface Components {
  readonly dimension: number
  readonly weights: Float64Array
  /** [K, d] row-major */
  readonly means: Float64Array
  readonly covariances: readonly Eigen[]
}

const MOST = 10_000

/**
 * The Gaussians that a density is made of: those of a Gaussian, a mixture, a kernel density, point masses, and a product
 * of 1-D mixtures.
 *
 * @throws InputError for any other density
 */
export function componentsOf(density: Density): Components {
  switch (density.kind) {
    case 'gaussian':
    case 'mixture': {
      const { dimension, weights, means, components } = density as Mixture
      return { dimension, weights, means, covariances: components }
    }
    case 'empirical':
      return kernels(density as Empirical)
    case 'product':
      return expanded(density as Product)
    default:
      throw new InputError(
        'the data',
        density.kind,
        'Gaussians, a mixture, a kernel density or a product of mixtures: the conditional law of X₀ is needed',
      )
  }
}

/** Whether `componentsOf` knows what the density is made of. */
export function hasComponents({ kind }: Density): boolean {
  return ['gaussian', 'mixture', 'empirical', 'product'].includes(kind)
}

function kernels({ dimension, points, bandwidth }: Empirical): Components {
  const count = points.length / dimension
  const kernel: Eigen = {
    values: new Float64Array(dimension).fill(bandwidth * bandwidth),
    vectors: identity(dimension),
  }
  return {
    dimension,
    weights: new Float64Array(count).fill(1 / count),
    means: points,
    covariances: Array.from({ length: count }, () => kernel),
  }
}

/** Every combination of one component a coordinate, turned by x = Rᵀ z. */
function expanded({ dimension: d, marginals, rotation }: Product): Components {
  const count = marginals.reduce((product, { weights }) => product * weights.length, 1)
  if (count > MOST) throw new InputError('the components of the product', count, `at most ${MOST}`)
  const weights = new Float64Array(count)
  const means = new Float64Array(count * d)
  const vectors = Float64Array.from({ length: d * d }, (_, i) => rotation[(i % d) * d + Math.floor(i / d)])
  const covariances = Array.from({ length: count }, (_, k): Eigen => {
    let rest = k
    let weight = 1
    const values = Float64Array.from(marginals, ({ weights: own, means: at, variances }, j) => {
      const part = rest % own.length
      rest = Math.floor(rest / own.length)
      weight *= own[part]
      for (let i = 0; i < d; i++) means[k * d + i] += vectors[i * d + j] * at[part]
      return variances[part]
    })
    weights[k] = weight
    return { values, vectors }
  })
  return { dimension: d, weights, means, covariances }
}

function identity(d: number): Float64Array {
  return Float64Array.from({ length: d * d }, (_, i) => Number(i % (d + 1) === 0))
}
