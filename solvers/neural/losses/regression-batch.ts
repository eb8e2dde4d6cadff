import { tensor2d } from '@tensorflow/tfjs-core'
import { networkInputs } from '../../../src/nn/network-inputs.ts'
import { column, type TrainingPoints } from '../points/training-points.ts'

/** The batch of a regression on a column of the points: Y − target = (y − target) + sin²θ F. */
export function regressionBatch(points: TrainingPoints, name: Parameters<typeof column>[1]) {
  const { theta, y } = points
  const target = column(points, name)
  const n = theta.length
  return {
    inputs: networkInputs(theta, y),
    factors: tensor2d(
      Float32Array.from(theta, (angle) => Math.sin(angle) ** 2),
      [n, 1],
    ),
    base: tensor2d(
      Float32Array.from(y, (value, i) => value - target[i]),
      [n, y.length / n],
    ),
  }
}
