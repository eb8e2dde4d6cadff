import { multiplyRows } from '../../numeric/matrix.ts'
import type { Density } from '../density.ts'

/** The components of a density that is a Gaussian mixture, row-major. */
export interface GaussianComponents {
  /** [K] */
  readonly weights: Float64Array
  /** [K, d] */
  readonly means: Float64Array
  /** [K, d] */
  readonly eigenvalues: Float64Array
  /** [K, d, d], column j the eigenvector j */
  readonly eigenvectors: Float64Array
}

/** The factors of a density that is a product in rotated coordinates z = R x. */
export interface Factors {
  /** R, [d, d] row-major */
  readonly rotation: Float64Array
  /** The density of every coordinate of z. */
  marginals(): readonly Density[]
}

// Kept beside the densities: a copy of a density with another score is not what its original was.
const components = new WeakMap<Density, GaussianComponents>()
const factors = new WeakMap<Density, Factors>()
const aligned = new WeakMap<Density, () => Density>()

/** Says of a density what its components are, for solvers that can do better than call its score. Returns it. */
export function withComponents<T extends Density>(density: T, known: GaussianComponents): T {
  components.set(density, known)
  return density
}

/** Says of a density what its factors are. Returns it. */
export function withFactors<T extends Density>(density: T, known: Factors): T {
  factors.set(density, known)
  return density
}

export function componentsOf(density: Density): GaussianComponents | undefined {
  return components.get(density)
}

export function factorsOf(density: Density): Factors | undefined {
  return factors.get(density)
}

/** Says of a density how to make that of the same data in the eigenbasis of its covariance, z = Vᵀ x. Returns it. */
export function withPrincipalAxes<T extends Density>(density: T, make: () => Density): T {
  let made: Density | undefined
  aligned.set(density, () => {
    made ??= make()
    return made
  })
  return density
}

/** The density of the same data in the eigenbasis of its covariance, where it is known how to make it. */
function alignedOf(density: Density): Density | undefined {
  return aligned.get(density)?.()
}

// below, the basis costs nothing beside the rest
const LEAST_DIMENSION = 8

/**
 * The data in the eigenbasis of its covariance, z = Vᵀ x, where that is cheaper: turning a point takes d² operations. What does not
 * depend on the basis, such as trajectories or the training of a network in Gaussian-skip coordinates, may use it instead.
 * The density itself below 8 dimensions or where no other is known.
 */
export function inPrincipalAxes(density: Density): Density {
  return density.dimension < LEAST_DIMENSION ? density : (alignedOf(density) ?? density)
}

/** x = V z: points in the eigenbasis of the covariance of a density as points of the density itself, n·d values. */
export function outOfPrincipalAxes({ dimension, moments }: Density, z: Float64Array): Float64Array {
  const x = new Float64Array(z.length)
  multiplyRows(moments.eigenvectors, dimension, z, x)
  return x
}
