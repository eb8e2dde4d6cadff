import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { Network } from '../../../src/nn/networks.ts'
import { skip, skipRate } from '../../../src/nn/skip.ts'
import type { Batch } from '../loss.ts'

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
