import {
  mul,
  type Scalar,
  square,
  sum,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
} from '@tensorflow/tfjs-core'
import type { GaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'

/**
 * The squared L² metric in x-space, relative to the data: mean over rows of w Σ_j λ_j r_j² / tr Σ, for a residual r in
 * units of u. Minimised, it targets the conditional mean; any other metric would target another map
 * (docs/mathematics.md §4).
 */
export function objectiveOf(coordinates: GaussianCoordinates): {
  /** The row weights as a tensor, to be made outside of the gradient. */
  weights(weight: Float64Array): Tensor2D
  value(residual: Tensor2D, weights: Tensor2D): Scalar
  dispose(): void
} {
  const { deviations, moments } = coordinates
  const scale: Tensor = tensor1d(Float32Array.from(deviations, (value) => value / Math.sqrt(moments.trace)))
  return {
    weights: (weight) =>
      tensor2d(
        Float32Array.from(weight, (value) => value / weight.length),
        [weight.length, 1],
      ),
    value: (residual, weights) => sum(mul(square(mul(residual, scale)), weights)) as Scalar,
    dispose: () => scale.dispose(),
  }
}
