import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { dense, dualDense } from '../dense.ts'
import type { Architecture, Network, Parameter } from '../network.ts'
import { timeFeatures } from '../time-features.ts'

/**
 * A tanh network of `layers` hidden layers of `width` units on (y, time features), with a linear last layer that
 * starts small, so that training starts near the map of the Gaussian (docs/mathematics.md §7).
 */
export function mlp(architecture: Architecture): Network {
  const { dimension, width, layers } = architecture
  const features = timeFeatures(architecture)
  const parameters: Parameter[] = []
  for (let k = 0; k <= layers; k++) {
    const inputs = k === 0 ? dimension + features : width
    const last = k === layers
    parameters.push(
      {
        name: `layer${k}.weight`,
        shape: [inputs, last ? dimension : width],
        deviation: (last ? 0.1 : 1) / Math.sqrt(inputs),
      },
      { name: `layer${k}.bias`, shape: [last ? dimension : width], deviation: 0 },
    )
  }
  const run = (layer: typeof dense) => (weights: readonly Tensor[], inputs: Tensor2D) => {
    let h = inputs
    for (let k = 0; k <= layers; k++)
      h = layer(h, weights[2 * k] as Tensor2D, weights[2 * k + 1] as Tensor1D, k < layers ? 'tanh' : 'linear')
    return h
  }
  return { architecture, parameters, forward: run(dense), dualForward: run(dualDense) }
}
