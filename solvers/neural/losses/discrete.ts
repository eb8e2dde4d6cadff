import { add, mul, sub, type Tensor, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'
import type { Network } from '../../../src/nn/network.ts'
import { networkInputs } from '../../../src/nn/network-inputs.ts'
import { column, type TrainingPoints } from '../points/training-points.ts'
import type { Batch, LossContext } from './loss.ts'

/** θ_n of every θ_{n+1}; exactly 0 for the first, where point masses have no score. */
export function previousAngles(theta: Float64Array, interval: number): Float64Array {
  return theta.map((angle) => Math.max(0, Math.round(angle / interval) - 1) * interval)
}

/**
 * The tensors of (u(θ_{n+1}, y_{n+1}) − sg u(θ_n, y_n)) / h, y_n in the column `previous`, sg the network itself held fixed.
 * The part that F does not touch, (y_{n+1} − y_n)/h, is subtracted in float64.
 */
export function discreteBatch(
  points: TrainingPoints,
  { network, interval }: LossContext,
  weights: readonly Tensor[],
): Batch {
  const { theta, y } = points
  const previous = column(points, 'previous')
  const n = theta.length
  const shape: [number, number] = [n, y.length / n]
  const earlier = previousAngles(theta, interval)
  const squares = (angles: Float64Array) =>
    tensor2d(
      Float32Array.from(angles, (angle) => Math.sin(angle) ** 2 / interval),
      [n, 1],
    )
  const difference = Float32Array.from(y, (value, i) => (value - previous[i]) / interval)
  return {
    inputs: networkInputs(theta, y),
    factors: squares(theta),
    base: tidy(() =>
      sub(
        tensor2d(difference, shape),
        mul(network.forward(weights, networkInputs(earlier, previous)), squares(earlier)),
      ),
    ),
  }
}

/** The residual of `discreteBatch`. */
export function discreteResidual(network: Network, weights: readonly Tensor[], batch: Batch): Tensor2D {
  return add(mul(network.forward(weights, batch.inputs), batch.factors), batch.base) as Tensor2D
}
