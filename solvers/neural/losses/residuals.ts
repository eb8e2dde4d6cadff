import { add, mul, reshape, sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core'
import type { Network } from '../../../src/nn/network.ts'
import type { Batch } from './loss.ts'

/** r = factors ⊙ F + base, with a factor a row. */
export function valueResidual(
  network: Network,
  weights: readonly Tensor[],
  { inputs, factors, base }: Batch,
): Tensor2D {
  return add(mul(network.forward(weights, inputs), factors), base) as Tensor2D
}

/** r = factors ⊙ (F, Ḟ) summed over both + base: `inputs` and `factors` have values on top and tangents below. */
export function dualResidual(
  network: Network,
  weights: readonly Tensor[],
  { inputs, factors, base }: Batch,
): Tensor2D {
  const F = network.dualForward(weights, inputs)
  const [rows, d] = F.shape
  const terms = reshape(mul(F, factors), [2, rows / 2, d])
  return add(sum(terms, 0), base) as Tensor2D
}
