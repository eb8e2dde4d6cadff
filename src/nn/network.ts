import { type Tensor, type Tensor2D, tensor, type Variable, variable } from '@tensorflow/tfjs-core'
import type { Random } from '../random/random.ts'
import type { Architecture } from './architecture.ts'
import type { Parameter } from './parameters/parameter.ts'

/**
 * F(θ, y) of docs/mathematics.md §7 as a function of its parameters, so that one network serves for the weights in
 * training, their average and a frozen teacher. Inputs are rows of d coordinates y and then the time features, as
 * network-inputs.ts makes them.
 */
export interface Network {
  readonly architecture: Architecture
  readonly parameters: readonly Parameter[]
  /** F: [n, d + features] → [n, d]. */
  forward(weights: readonly Tensor[], inputs: Tensor2D): Tensor2D
  /** F and its derivative along a tangent: [2n, d + features] → [2n, d], values on top, tangents below. */
  dualForward(weights: readonly Tensor[], inputs: Tensor2D): Tensor2D
}

/** How many numbers the parameters of a network are. */
export function weightCount({ parameters }: Network): number {
  return parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
}

/** First weights: normal, with the deviations of the network's parameters. */
export function initialWeights(network: Network, random: Random): Variable[] {
  return network.parameters.map(({ shape, deviation, centre }) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
    if (deviation > 0) for (let i = 0; i < values.length; i++) values[i] = deviation * random.normal()
    if (centre) for (let i = 0; i < values.length; i++) values[i] += centre(i)
    return weightVariable(values, shape)
  })
}

/** A trainable variable with these values. */
export function weightVariable(values: Float32Array, shape: readonly number[]): Variable {
  const start = tensor(values, [...shape], 'float32')
  const made = variable(start)
  start.dispose()
  return made
}
