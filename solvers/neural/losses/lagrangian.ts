import { tensor2d } from '@tensorflow/tfjs-core'
import { gap } from '../../../src/nn/flow-map.ts'
import { directedInputs } from '../../../src/nn/networks.ts'
import type { Batch } from '../loss.ts'
import type { TrainingPoints } from '../training-points.ts'

/**
 * The tensors of ∂_φ Y(θ → φ, y) − w = −sin 2φ F + (sin²θ − sin²φ) ∂_φ F − w: one Jacobian–vector product in the scalar φ
 * (docs/mathematics.md §2.2 L).
 *
 * @param phi φ of every row
 * @param target w, n·d values, held fixed
 */
export function lagrangianBatch(
  { theta, y }: TrainingPoints,
  phi: Float64Array,
  target: Float64Array,
): Batch {
  const n = theta.length
  const factors = new Float32Array(2 * n)
  for (let i = 0; i < n; i++) {
    factors[i] = -Math.sin(2 * phi[i])
    factors[n + i] = gap(theta[i], phi[i])
  }
  return {
    inputs: directedInputs(theta, y, phi, { theta: 0, phi: 1, y: null }),
    factors: tensor2d(factors, [2 * n, 1]),
    base: tensor2d(
      Float32Array.from(target, (value) => -value),
      [n, y.length / n],
    ),
  }
}
