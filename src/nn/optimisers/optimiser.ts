import type { Tensor, Variable } from '@tensorflow/tfjs-core'

/** What an optimiser needs to go on with the same bits: plain JSON and named arrays. */
export interface OptimiserState {
  readonly name: string
  readonly scalars: Readonly<Record<string, number>>
  readonly arrays: Readonly<Record<string, Float32Array>>
}

/** Improves its variables in place, one gradient step at a time. */
export interface Optimiser {
  readonly name: string
  /** One step; gradients in the order of the variables. `rate` is the learning rate of this step. The gradients are kept alive. */
  step(gradients: readonly Tensor[], rate: number): void
  /** A copy of everything the next steps depend on, apart from the variables themselves. */
  state(): OptimiserState
  /** Goes on from a state of the same optimiser on variables of the same shapes; throws an InputError otherwise. */
  restore(state: OptimiserState): void
  dispose(): void
}

export type OptimiserFactory = (variables: readonly Variable[]) => Optimiser
