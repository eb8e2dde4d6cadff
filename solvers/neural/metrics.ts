import {
  add,
  exp,
  type GradFunc,
  log,
  log1p,
  mul,
  registerGradient,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import { hasKernel, runKernel } from '../../src/nn/fused.ts'
import type { GaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { pseudoHuberScale } from './pseudo-huber-scale.ts'

/**
 * How the size of a residual counts. A loss regresses on a target; where the target depends on a sample of the noise, the
 * metric decides which point of its conditional law is learned (docs/mathematics.md §4.3).
 */
interface Metric {
  /** In words, with the paper it comes from. */
  readonly source: string
  /** What a regression on a noisy target converges to. */
  readonly targets: string
  /** Default of its constant c, relative to √tr Cov(p_data); 0 where it has none. */
  readonly scale: number
  /** M(s) of the squared size s of each row, relative to tr Cov(p_data); monotone, M(0) = 0. */
  value(s: Tensor, scale: number, power: number): Tensor
}

// keeps the slope of a root finite at 0
const ROUND = 1e-12

const root = (s: Tensor): Tensor => sqrt(add(s, ROUND))

/** Every metric by name. */
export const metrics = {
  l2: {
    source: 'the squared norm, s',
    targets: 'the conditional mean',
    scale: 0,
    value: (s) => s,
  },
  l1: {
    source: 'the norm that is not squared, √s: c = 0 of Geng et al. 2024 (arXiv:2406.14548)',
    targets: 'the conditional geometric median',
    scale: 0,
    value: root,
  },
  'pseudo-huber': {
    source:
      '√(s + c²) − c: Song and Dhariwal 2023 (arXiv:2310.14189), whose c = 0.00054√d on data of standard deviation ½ is the default',
    targets: 'a point between the conditional geometric median and the mean',
    scale: pseudoHuberScale,
    value: (s, c) => sub(sqrt(add(s, Math.max(c * c, ROUND))), c),
  },
  adaptive: {
    source:
      'the weight (s + c)^−p, held fixed: Geng et al. 2025 (arXiv:2505.13447), adaptive loss weighting; this M has the same gradient and falls when the residual does',
    targets: 'a point between the conditional geometric median and the mean, beyond it for p > ½',
    scale: 1e-3,
    value: (s, c, p) =>
      p === 1 ? log1p(mul(s, 1 / c)) : mul(sub(exp(mul(log(add(s, c)), 1 - p)), c ** (1 - p)), 1 / (1 - p)),
  },
  tangent: {
    source:
      '√s − c ln(1 + √s/c), whose gradient is the normalised tangent g/(‖g‖ + c): Lu and Song 2024 (arXiv:2410.11081), tangent normalisation, c = 0.1',
    targets: 'a point between the conditional geometric median and the mean',
    scale: 0.1,
    value(s, c) {
      const norm = root(s)
      return sub(norm, mul(log1p(mul(norm, 1 / c)), c))
    },
  },
} satisfies Record<string, Metric>

export type MetricName = keyof typeof metrics

/** The names of the metrics. */
export const metricNames = Object.keys(metrics) as MetricName[]

/** A metric and its constants. */
export interface MetricChoice {
  readonly metric: MetricName
  /** c, relative to √tr Cov(p_data). */
  readonly metricScale: number
  /** p of `adaptive`. */
  readonly metricPower: number
}

/** What is minimised for a residual. */
interface Objective {
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
