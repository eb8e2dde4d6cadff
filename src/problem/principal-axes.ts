import { multiplyRows } from '../numeric/row-products.ts'
import { alignedOf } from './densities/structure.ts'
import type { Density } from './density.ts'

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
