import { type Tensor, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { networkInputs } from '../../../src/nn/networks.ts'
import { skip } from '../../../src/nn/skip.ts'
import type { Batch, LossContext } from '../loss.ts'
import { column, type TrainingPoints } from '../training-points.ts'

/** θ_n of every θ_{n+1}; exactly 0 for the first, where point masses have no score. */
export function previousAngles(theta: Float64Array, interval: number): Float64Array {
  return theta.map((angle) => Math.max(0, Math.round(angle / interval) - 1) * interval)
}

/** The tensors of (u(θ_{n+1}, y_{n+1}) − sg u(θ_n, y_n)) / h with h = θ_{n+1} − θ_n and y_n in the column `previous`. */
export function discreteBatch(
  points: TrainingPoints,
  context: LossContext,
  weights: readonly Tensor[],
): Batch {
  const { interval } = context
  return pairBatch(points, previousAngles(points.theta, interval), interval, context, weights)
}

/**
 * The tensors of (u(θ, y) − sg u(θ', y')) / h, y' in the column `previous`, sg the network itself held fixed. The part
 * that F does not touch, (y − y')/h, is subtracted in float64.
 *
 * @param earlier θ' of every row
 * @param step h
 */
export function pairBatch(
  points: TrainingPoints,
  earlier: Float64Array,
  step: number,
  { network }: LossContext,
  weights: readonly Tensor[],
): Batch {
  const { theta, y } = points
  const previous = column(points, 'previous')
  const n = theta.length
  const shape: [number, number] = [n, y.length / n]
  const squares = (angles: Float64Array, sign: 1 | -1) =>
    tensor2d(
      Float32Array.from(angles, (angle) => (sign * Math.sin(angle) ** 2) / step),
      [n, 1],
    )
  const difference = Float32Array.from(y, (value, i) => (value - previous[i]) / step)
  return {
    inputs: networkInputs(theta, y),
    factors: squares(theta, 1),
    base: tidy(() =>
      skip(
        network.forward(weights, networkInputs(earlier, previous)),
        squares(earlier, -1),
        tensor2d(difference, shape),
      ),
    ),
  }
}

/** y' of the points X₀ + t' Z that share X₀ and Z with training points: the coupling of consistency training. */
export function coupledPoints(
  points: TrainingPoints,
  angles: Float64Array,
  { coordinates }: LossContext,
): Float64Array {
  const start = column(points, 'start')
  const noise = column(points, 'noise')
  const d = coordinates.dimension
  const times = angles.map(coordinates.time)
  const x = new Float64Array(start.length)
  for (let i = 0; i < x.length; i++) x[i] = start[i] + times[Math.floor(i / d)] * noise[i]
  const y = new Float64Array(x.length)
  coordinates.toY(times, x, y)
  return y
}

/** Coupled points at the times t and r of the columns θ and `arrival`, weighted by 1/(t − r) in units of the data's scale. */
export function preparePairs(points: TrainingPoints, context: LossContext): TrainingPoints {
  const { theta, y } = points
  const { time, moments } = context.coordinates
  const arrival = column(points, 'arrival')
  const weight = points.weight.map((w, i) => (w * moments.scale) / (time(theta[i]) - time(arrival[i])))
  return { theta, y, weight, arrival, previous: coupledPoints(points, arrival, context) }
}
