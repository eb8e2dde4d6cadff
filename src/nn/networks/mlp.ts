import type { Architecture } from '../architecture.ts'
import type { Network } from '../network.ts'
import { mlpParameters } from '../parameters/mlp.ts'
import { tanhStack } from '../tanh-stack.ts'

/**
 * A tanh network of `layers` hidden layers of `width` units on (y, time features), with a linear last layer that
 * starts small, so that training starts near the map of the Gaussian (docs/mathematics.md §7).
 */
export function mlp(architecture: Architecture): Network {
  const parameters = mlpParameters(architecture)
  return {
    architecture,
    parameters,
    forward: (weights, inputs) => tanhStack(inputs, weights, false),
    dualForward: (weights, inputs) => tanhStack(inputs, weights, true),
  }
}
