import {
  add,
  mul,
  reshape,
  slice2d,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  transpose,
} from '@tensorflow/tfjs-core'
import { additive } from '../additive.ts'
import { dense, dualDense } from '../dense.ts'
import type { Network } from '../network.ts'
import { ADDITIVE_GAIN, ADDITIVE_TIME_WIDTH, additiveParameters, ROLES } from '../parameters/additive.ts'
import { timeFeatures } from '../time-features.ts'

/**
 * F(θ, y) + A(θ, y) for a network F: the additive part A_j = Σ_k c_jk tanh(e^{a_jk} (y_j − b_jk)) of every coordinate alone, with
 * (a, b, c) affine in one tanh layer of the time features. y is in the eigenbasis of the covariance, so A is a map of every principal
 * coordinate by itself; F learns what couples them.
 */
export function withAdditivePart(network: Network): Network {
  const { architecture } = network
  const { dimension, units = 0 } = architecture
  const features = timeFeatures(architecture)
  const count = network.parameters.length
  const width = dimension * ROLES * units

  const run = (dual: boolean) => (weights: readonly Tensor[], inputs: Tensor2D) => {
    const F = (dual ? network.dualForward : network.forward)(weights.slice(0, count), inputs)
    const [timeWeight, timeBias, stored] = weights.slice(count)
    const times = slice2d(inputs, [0, dimension], [inputs.shape[0], features])
    const layer = dual ? dualDense : dense
    const tau = layer(times, timeWeight as Tensor2D, timeBias as Tensor1D, 'tanh')
    const rows = reshape(stored, [dimension, ADDITIVE_TIME_WIDTH + 1, ROLES * units])
    const table = mul(reshape(transpose(rows, [1, 0, 2]), [ADDITIVE_TIME_WIDTH + 1, width]), ADDITIVE_GAIN)
    const W = slice2d(table as Tensor2D, [0, 0], [ADDITIVE_TIME_WIDTH, width])
    const w = reshape(slice2d(table as Tensor2D, [ADDITIVE_TIME_WIDTH, 0], [1, width]), [width]) as Tensor1D
    return add(F, additive(inputs, tau, W, w, { dimension, units, dual })) as Tensor2D
  }
  return {
    architecture,
    parameters: [...network.parameters, ...additiveParameters(architecture)],
    forward: run(false),
    dualForward: run(true),
  }
}
