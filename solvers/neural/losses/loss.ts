import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { GaussianCoordinates } from '../../../src/nn/gaussian-coordinates.ts'
import type { Network } from '../../../src/nn/network.ts'
import type { TrainingPoints } from '../points/training-points.ts'
import type { Velocity } from '../velocity.ts'

/** What a loss works with beside its points. */
export interface LossContext {
  readonly coordinates: GaussianCoordinates
  readonly velocity: Velocity
  readonly network: Network
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
 * of u, [n, d], and what is minimised is the mean of w Σ_j λ_j r_j² / tr Σ, the squared error of f relative to the data.
 */
export interface Loss {
  readonly name: string
  /** In words, with the paper and equation it comes from. */
  readonly source: string
  /** Whether it compares times θ_n = n·θ_T/N, and so takes points at these only. */
  readonly discrete: boolean
  /** Whether its points need the X₀ and Z they are made of; otherwise any (θ, y) will do. */
  readonly coupled: boolean
  /** The points with what the residual needs that costs evaluations of the score, in float64. Stored with them where points are. */
  complete(points: TrainingPoints, context: LossContext): TrainingPoints
  /** The tensors of a batch of completed points. `weights` are the network's present weights, for frozen targets. */
  batch(points: TrainingPoints, context: LossContext, weights: readonly Tensor[]): Batch
  /** r, differentiable in the weights. */
  residual(network: Network, weights: readonly Tensor[], batch: Batch): Tensor2D
}
