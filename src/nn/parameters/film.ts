import { timeFeatures } from '../time-features.ts'
import type { NetworkSize, Parameter } from './parameter.ts'

/** Units of the two layers that turn time features into τ. */
export const TIME_WIDTH = 64

/** The parameters of a `film`: the two layers of τ, the gated layers with shift and scale, and the last layer. */
export function filmParameters(architecture: NetworkSize): Parameter[] {
  const { dimension, width, layers } = architecture
  const parameters: Parameter[] = [
    matrix('time0.weight', timeFeatures(architecture), TIME_WIDTH),
    vector('time0.bias', TIME_WIDTH),
    matrix('time1.weight', TIME_WIDTH, TIME_WIDTH),
    vector('time1.bias', TIME_WIDTH),
  ]
  for (let k = 0; k < layers; k++)
    parameters.push(
      matrix(`layer${k}.weight`, k === 0 ? dimension : width, width),
      matrix(`layer${k}.shift`, TIME_WIDTH, width, 0.3),
      matrix(`layer${k}.scale`, TIME_WIDTH, width, 0.3),
      vector(`layer${k}.bias`, width),
    )
  parameters.push(matrix('output.weight', width, dimension, 0.01), vector('output.bias', dimension))
  return parameters
}

function matrix(name: string, rows: number, columns: number, gain = 1): Parameter {
  return { name, shape: [rows, columns], deviation: Math.sqrt(gain / rows) }
}

function vector(name: string, size: number): Parameter {
  return { name, shape: [size], deviation: 0 }
}
