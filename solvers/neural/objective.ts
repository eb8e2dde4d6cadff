import { mul, type Scalar, square, sum, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import type { GaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { weightedSquares } from '../../src/nn/weighted-squares.ts'
import { type MetricChoice, metrics } from './metrics.ts'

/** What is minimised for a residual. */
export interface Objective {
  /** The row weights as a tensor, to be made outside of the gradient. */
  weights(weight: Float64Array): Tensor2D
  value(residual: Tensor2D, weights: Tensor2D): Scalar
  dispose(): void
}

const SQUARED: MetricChoice = { metric: 'l2', metricScale: 0, metricPower: 0 }

/**
 * The mean over rows of w M(s), s = Σ_j λ_j r_j² / tr Σ for a residual r in units of u: the squared size in x-space, relative
 * to the data. The squared L² metric, M(s) = s, targets the conditional mean; any other metric targets another map
 * (docs/mathematics.md §4.3).
 *
 * @param stepSize what residuals that are difference quotients are divided by: a metric with a constant acts on the difference
 */
export function objectiveOf(
  coordinates: GaussianCoordinates,
  { metric, metricScale, metricPower }: MetricChoice = SQUARED,
  stepSize = 1,
): Objective {
  const { deviations, moments } = coordinates
  const unit = metric === 'l2' ? 1 : stepSize
  const scale = tensor1d(Float32Array.from(deviations, (value) => (unit * value) / Math.sqrt(moments.trace)))
  return {
    weights: (weight) =>
      tensor2d(
        Float32Array.from(weight, (value) => value / weight.length),
        [weight.length, 1],
      ),
    value(residual, weights) {
      // s itself: the sum over all coordinates at once, in one kernel
      if (metric === 'l2') return weightedSquares(residual, weights, scale)
      const s = sum(square(mul(residual, scale)), 1, true)
      return sum(mul(metrics[metric].value(s, metricScale, metricPower), weights)) as Scalar
    },
    dispose: () => scale.dispose(),
  }
}
