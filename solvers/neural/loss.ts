import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { Architecture } from '../../src/nn/architecture.ts'
import type { GaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import type { Network } from '../../src/nn/networks.ts'
import { skip, skipRate } from '../../src/nn/skip.ts'
import type { Random } from '../../src/random/random.ts'
import type { MetricName } from './metrics.ts'
import type { TrainingPoints } from './training-points.ts'
import type { FlowVelocity } from './velocity.ts'

/** What a loss works with beside its points. */
export interface LossContext {
  readonly coordinates: GaussianCoordinates
  readonly velocity: FlowVelocity
  readonly network: Network
  /** θ_T */
  readonly largestAngle: number
  /** The step θ_{n+1} − θ_n of the discrete losses. */
  readonly interval: number
}

/** The tensors of one batch, made outside of the gradient. Constants of the loss; disposed of after the step. */
export interface Batch {
  readonly inputs: Tensor2D
  readonly [name: string]: Tensor
}

/**
 * One identity of the consistency function that training enforces (docs/mathematics.md §2, §4): its residual r is in units
 * of u, [n, d], and what is minimised is the mean of w M(Σ_j λ_j r_j² / tr Σ), by default the squared error of f relative
 * to the data. Training points have, beside θ, a second angle in the column `arrival` where a loss compares two.
 */
export interface Loss {
  readonly name: string
  /** In words, with the paper and equation it comes from. */
  readonly source: string
  /** Whether it compares times θ_n = n·θ_T/N, and so takes points at these only. */
  readonly discrete: boolean
  /** Whether its points need the X₀ and Z they are made of: then its target depends on a sample of the noise. */
  readonly coupled: boolean
  /** Points need another point of the same solved trajectory, in the columns `earlier` and `arrival`: its start, or any. */
  readonly partner?: 'start' | 'earlier'
  /** What its network is, where that is no consistency function. */
  readonly learns?: 'score'
  /** Whether it compares the network with itself at an earlier time, held fixed: a moving average may stand there. */
  readonly movingTarget?: true
  /** Number of time inputs of its network: 2 for θ and the second angle; absent for θ alone. */
  readonly times?: NonNullable<Architecture['times']>
  /** Default l2. */
  readonly metric?: MetricName
  /** What a user of the trained map must know, in a whole sentence. */
  readonly warning?: string
  /** What the error of a trained map consists of, in a whole sentence, for the intervals N that it was trained with. */
  cause(intervals: number): string
  /** The step that residuals which are difference quotients are divided by, so that metrics act on the difference. */
  stepSize?(context: LossContext): number
  /**
   * θ and the second angle of one fresh point, where these are not θ uniform in [0, θ_T] and `arrival`.
   *
   * @param share uniform in [0, 1), stratified over the batch
   * @param progress share of the training that is done
   */
  angles?(share: number, context: LossContext, random: Random, progress: number): readonly [number, number]
  /** The second angle of a point at θ, drawn anew in every batch. */
  arrival?(theta: number, random: Random): number
  /** The points with the targets of the residual: what costs evaluations of the score, in float64. Stored with them where points are. */
  prepareTargets(points: TrainingPoints, context: LossContext): TrainingPoints
  /**
   * The tensors of a batch of points with their targets.
   *
   * @param weights the network's present weights, or their moving average, for frozen targets
   * @param progress share of the training that is done
   */
  batch(points: TrainingPoints, context: LossContext, weights: readonly Tensor[], progress: number): Batch
  /** r, differentiable in the weights. */
  residual(network: Network, weights: readonly Tensor[], batch: Batch): Tensor2D
}

/** r = factors ⊙ F + base, with a factor a row. */
export function valueResidual(
  network: Network,
  weights: readonly Tensor[],
  { inputs, factors, base }: Batch,
): Tensor2D {
  return skip(network.forward(weights, inputs), factors as Tensor2D, base as Tensor2D)
}

/** r = factors ⊙ (F, Ḟ) summed over both + base: `inputs` and `factors` have values on top and tangents below. */
export function dualResidual(
  network: Network,
  weights: readonly Tensor[],
  { inputs, factors, base }: Batch,
): Tensor2D {
  return skipRate(network.dualForward(weights, inputs), factors as Tensor2D, base as Tensor2D)
}
