import { type Tensor, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { gap } from '../../../src/nn/flow-map.ts'
import { dualNetworkInputs, networkInputs } from '../../../src/nn/networks.ts'
import { skipRate } from '../../../src/nn/skip.ts'
import type { Batch, LossContext } from '../loss.ts'
import { column, type TrainingPoints } from '../training-points.ts'

/** (sin²θ − sin²φ)/(θ − φ), which is sin 2θ at φ = θ: the factor of −F in the mean velocity (Y − y)/(φ − θ). */
export function meanSlope(theta: number, phi: number): number {
  return theta === phi ? Math.sin(2 * theta) : gap(theta, phi) / (theta - phi)
}

/**
 * The tensors of K (F − sg F) + sg R: the Eulerian residual R = dY(θ → φ, y)/dθ along the column `velocity`, by one Jacobian–vector
 * product of the network itself, held fixed, and the slope K that makes it a regression of the mean velocity
 * (docs/mathematics.md §2.2 E, §4.4). Its value is R and its gradient 2 R·∇(K F). R = v + sin 2θ F + (sin²θ − sin²φ) dF/dθ.
 *
 * @param phi φ of every row
 * @param warmUp factor of the last term, below 1 while training begins
 */
export function eulerianBatch(
  points: TrainingPoints,
  phi: Float64Array,
  { network }: LossContext,
  weights: readonly Tensor[],
  warmUp = 1,
): Batch {
  const { theta, y } = points
  const velocity = column(points, 'velocity')
  const n = theta.length
  const d = y.length / n
  const arrival = network.architecture.times ? phi : null
  const factors = tensor2d(
    Float32Array.from(theta, (angle, i) => meanSlope(angle, phi[i])),
    [n, 1],
  )
  // of F and of dF/dθ in R − K F
  const others = new Float32Array(2 * n)
  for (let i = 0; i < n; i++) {
    others[i] = Math.sin(2 * theta[i]) - meanSlope(theta[i], phi[i])
    others[n + i] = warmUp * gap(theta[i], phi[i])
  }
  const base = tidy(() => {
    const dual = network.dualForward(weights, dualNetworkInputs(theta, y, velocity, arrival))
    return skipRate(dual, tensor2d(others, [2 * n, 1]), tensor2d(Float32Array.from(velocity), [n, d]))
  })
  return { inputs: networkInputs(theta, y, arrival), factors, base }
}
