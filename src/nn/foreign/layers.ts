import { InputError } from '../../errors.ts'
import { BadInput } from '../../io/bad-input.ts'
import type { Tensor } from '../../io/safetensors.ts'
import { NETWORK_ROWS, NetworkKernel, padded } from '../../kernels/network.ts'
import { activationOf, isCurve, type OwnActivation } from './activations.ts'
import type { MlpDescription } from './description.ts'

/** Rows that go through the layers at a time: half of the kernel's hold values, the others their tangents. */
export const BLOCK_ROWS = NETWORK_ROWS / 2

/** A stack of dense layers, in float64, on values and tangents at once. */
interface Layers {
  readonly inputs: number
  readonly outputs: number
  /** [32, stride] values and then as many tangents: rows of inputs go in here. */
  readonly input: { readonly values: Float64Array; readonly stride: number }
  /** The same of the outputs. */
  readonly output: { readonly values: Float64Array; readonly stride: number }
  /** Takes the first rows through all layers. */
  run(rows: number): void
}

interface Layer {
  readonly kernel: NetworkKernel
  /** Where the kernel does not know the activation: adds the biases and applies it. */
  readonly activate?: (rows: number) => void
}

/**
 * The layers of a description with its tensors.
 *
 * @param file what to call the file of the tensors in an error
 * @throws InputError naming the tensor that is missing or does not fit
 */
export function createLayers(
  { layers, layout, dimension }: Pick<MlpDescription, 'layers' | 'layout' | 'dimension'>,
  inputs: number,
  tensors: Readonly<Record<string, Tensor>>,
  file: string,
): Layers {
  let width = inputs
  const made = layers.map(({ weight, bias, activation }, k): Layer => {
    const { matrix, outputs } = weightOf(tensorOf(tensors, weight, file), width, layout, weight, file)
    const last = k === layers.length - 1
    if (last && outputs !== dimension)
      throw new BadInput(file, `gives ${outputs} outputs by ${weight}`, `${dimension}, the dimension`)
    const shift = bias === undefined ? new Float64Array(outputs) : biasOf(tensors, bias, outputs, file)
    const kernel = new NetworkKernel({
      buffers: [padded(width), padded(outputs)],
      steps: [
        {
          kind: 'layer',
          from: { buffer: 0, column: 0 },
          to: { buffer: 1, column: 0 },
          weight: matrix,
          // tangents have none
          bias: new Float64Array(outputs),
          tanh: false,
        },
        ...(isCurve(activation)
          ? [{ kind: 'curve', buffer: 1, bias: shift, curve: activation } as const]
          : []),
      ],
    })
    width = outputs
    return isCurve(activation)
      ? { kernel }
      : { kernel, activate: activator(kernel.buffers[1], shift, activation) }
  })
  const [first, last] = [made[0], made[made.length - 1]]
  return {
    inputs,
    outputs: dimension,
    input: { values: first.kernel.buffers[0], stride: padded(inputs) },
    output: { values: last.kernel.buffers[1], stride: padded(dimension) },
    run(rows) {
      made.forEach(({ kernel, activate }, k) => {
        kernel.run(NETWORK_ROWS)
        activate?.(rows)
        if (k + 1 < made.length) made[k + 1].kernel.buffers[0].set(kernel.buffers[1])
      })
    },
  }
}

/** Adds the biases to values and applies φ to them, φ' to tangents, in place. */
function activator(buffer: Float64Array, bias: Float64Array, name: OwnActivation): (rows: number) => void {
  const activation = activationOf(name)
  const stride = padded(bias.length)
  const below = BLOCK_ROWS * stride
  return (rows) => {
    for (let row = 0; row < rows; row++)
      for (let j = 0, at = row * stride; j < bias.length; j++, at++) {
        const z = buffer[at] + bias[j]
        const value = activation.value(z)
        buffer[at] = value
        buffer[below + at] *= activation.slope(z, value)
      }
  }
}

function tensorOf(tensors: Readonly<Record<string, Tensor>>, name: string, file: string): Tensor {
  if (Object.hasOwn(tensors, name)) return tensors[name]
  throw new BadInput(file, `has no tensor ${name}`, `one of ${Object.keys(tensors).join(', ')}`)
}

function finite(values: ArrayLike<number>, name: string): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new InputError(`tensor ${name}[${i}]`, values[i], 'a finite number')
}

/** [inputs, outputs] row-major, whatever the layout of the file. */
function weightOf(
  { shape, data }: Tensor,
  inputs: number,
  layout: MlpDescription['layout'],
  name: string,
  file: string,
): { matrix: Float64Array; outputs: number } {
  const turned = layout === 'outputs-inputs'
  const outputs = shape[turned ? 0 : 1]
  if (shape.length !== 2 || shape[turned ? 1 : 0] !== inputs || outputs === 0)
    throw new BadInput(
      file,
      `has the shape [${shape.join(', ')}] for ${name}`,
      turned ? `[outputs, ${inputs}]` : `[${inputs}, outputs]`,
    )
  finite(data, name)
  const matrix = new Float64Array(data.length)
  for (let i = 0; i < inputs; i++)
    for (let j = 0; j < outputs; j++)
      matrix[i * outputs + j] = data[turned ? j * inputs + i : i * outputs + j]
  return { matrix, outputs }
}

function biasOf(
  tensors: Readonly<Record<string, Tensor>>,
  name: string,
  outputs: number,
  file: string,
): Float64Array {
  const { data } = tensorOf(tensors, name, file)
  if (data.length !== outputs)
    throw new BadInput(file, `has ${data.length} values for ${name}`, `${outputs}, as many as outputs`)
  finite(data, name)
  return Float64Array.from(data)
}
