import { tensor2d } from '@tensorflow/tfjs-core'
import { networkInputs } from '../../../src/nn/networks.ts'
import { type Loss, valueResidual } from '../loss.ts'
import { column, type TrainingPoints, withColumns } from '../training-points.ts'

/**
 * Regression on solved trajectories: f(t, x_t) against the x₀ that the trajectory was carried from. What is minimised is the
 * error of f itself; it falls short only where training points are few. Fixed point: the map, to the order 4 of the steps that carry
 * the points.
 */
export const direct: Loss = {
  name: 'direct',
  source:
    'regression on trajectories of the exact score: Vouitsis et al. 2024 (arXiv:2411.08954), direct consistency models',
  cause: () =>
    'It regresses on the starts of solved trajectories: what remains is what the network could not fit between them.',
  discrete: false,
  coupled: false,
  partner: 'start',
  prepareTargets: (points) => withColumns(points, 'earlier'),
  batch: (points) => regressionBatch(points, 'earlier'),
  residual: valueResidual,
}

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
