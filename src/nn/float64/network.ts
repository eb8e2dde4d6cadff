import { NETWORK_ROWS, NetworkKernel } from '../../kernels/network.ts'
import type { Architecture } from '../architecture.ts'
import { type ArchitectureKind, parametersOf, TIME_FEATURES, writeTimeFeatures } from '../architecture.ts'
import { additivePart } from './additive.ts'
import type { NetworkSteps, Weights } from './steps.ts'
import { filmSteps, mlpSteps } from './steps.ts'

const kinds = { mlp: mlpSteps, film: filmSteps } satisfies Record<
  ArchitectureKind,
  (architecture: Architecture, weights: Weights) => NetworkSteps
>

/** F(θ, y) of a network in float64: one angle a row, y is [n, d], out [n, outputs]; out is not y. */
type Float64Network = (theta: Float64Array, y: Float64Array, out: Float64Array) => void

/**
 * A network with one time, evaluated in float64 from its float32 weights, without tensors or a backend. A row's bits do not depend on
 * the machine or on the rows beside it: what an adaptive solver needs of a velocity.
 *
 * @param weights in the order of the network's parameters
 */
export function float64Network(architecture: Architecture, weights: readonly Float32Array[]): Float64Network {
  const values = new Map(parametersOf(architecture).map(({ name }, i) => [name, weights[i]]))
  const named: Weights = (name) => values.get(name) ?? new Float32Array(0)
  const { y: yAt, features, output, ...program } = kinds[architecture.kind](architecture, named)
  const addOwn = architecture.units ? additivePart(architecture, named) : null
  const kernel = new NetworkKernel(program)
  const { dimension: d, outputs = d } = architecture
  const memory = (buffer: number) => ({ values: kernel.buffers[buffer], stride: program.buffers[buffer] })
  const [input, times, result] = [memory(yAt.buffer), memory(features.buffer), memory(output.buffer)]

  function load(theta: Float64Array, y: Float64Array, first: number, rows: number): void {
    for (let row = 0; row < rows; row++) {
      const at = row * input.stride + yAt.column
      for (let j = 0; j < d; j++) input.values[at + j] = y[(first + row) * d + j]
      const angle = theta[first + row]
      const to = row * times.stride + features.column
      if (row > 0 && angle === theta[first + row - 1])
        times.values.copyWithin(to, to - times.stride, to - times.stride + TIME_FEATURES)
      else writeTimeFeatures(Math.sin(angle), Math.cos(angle), times.values, to)
    }
  }

  return (theta, y, out) => {
    for (let first = 0; first < theta.length; first += NETWORK_ROWS) {
      const rows = Math.min(NETWORK_ROWS, theta.length - first)
      load(theta, y, first, rows)
      kernel.run(rows)
      for (let row = 0; row < rows; row++) {
        const at = row * result.stride + output.column
        for (let j = 0; j < outputs; j++) out[(first + row) * outputs + j] = result.values[at + j]
      }
    }
    addOwn?.(theta, y, out)
  }
}
