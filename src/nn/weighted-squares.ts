import {
  type GradFunc,
  mul,
  registerGradient,
  type Scalar,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core'
import { hasKernel, runKernel } from './fused.ts'

/**
 * Σ_i w_i Σ_j (c_j r_ij)², what the squared metric makes of a residual, differentiable in r.
 *
 * @param r [n, d]
 * @param weights [n, 1]
 * @param scales [d]
 */
export function weightedSquares(r: Tensor2D, weights: Tensor2D, scales: Tensor1D): Scalar {
  if (!hasKernel('WeightedSquares')) return composedWeightedSquares(r, weights, scales)
  return runKernel('WeightedSquares', { r, weights, scales })[0] as Scalar
}

/** `weightedSquares` from plain operations, for every backend. */
export function composedWeightedSquares(r: Tensor2D, weights: Tensor2D, scales: Tensor1D): Scalar {
  return tidy(() => sum(mul(square(mul(r, scales)), weights)) as Scalar)
}

registerGradient({
  kernelName: 'WeightedSquares',
  inputsToSave: ['r', 'weights', 'scales'],
  gradFunc: ((g: Tensor, [r, weights, scales]: Tensor[]) => ({
    r: () => runKernel('WeightedSquaresGradient', { g, r, weights, scales })[0],
  })) as unknown as GradFunc,
})
