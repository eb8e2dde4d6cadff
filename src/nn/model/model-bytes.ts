import { BadInput } from '../../io/bad-input.ts'
import { parseJson, timeInJson } from '../../io/json.ts'
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsFile,
  type Tensor,
} from '../../io/safetensors.ts'
import type { Moments } from '../../numeric/moments.ts'
import { parseWith } from '../../specification.ts'
import { parametersOf } from '../parameters/index.ts'
import { type Model, type ModelDescription, modelSchema } from './model.ts'

/**
 * A model as one array of bytes, for another thread or a browser: weights and moments as a safetensors file, whose
 * metadata hold the description.
 */
export function modelToBytes(model: Model): Uint8Array {
  return encodeWeights(model, { model: JSON.stringify(descriptionInJson(model)) })
}

/** The description as model.json has it. */
export function descriptionInJson({ description }: Model): object {
  return { ...description, time: timeInJson(description.time) }
}

/** @throws InputError when the bytes are no model, or its tensors do not fit its description */
export function modelFromBytes(bytes: Uint8Array, name = 'the model'): Model {
  const file = decodeSafetensors(bytes, name)
  const { model } = file.metadata
  if (model === undefined) throw new BadInput(name, 'has no description', 'bytes made by modelToBytes')
  return assembleModel(parseDescription(parseJson(model, name), name), file, name)
}

/** The description in the value of a model.json. */
export function parseDescription(value: unknown, name: string): ModelDescription {
  return parseWith(modelSchema, value, name)
}

/** weights.safetensors: the weights by the names of the description, and the moments of the data in float64. */
export function encodeWeights(model: Model, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const { description, moments, weights } = model
  const tensors: Record<string, Tensor> = {}
  for (const [i, { name, shape }] of parametersOf(description.architecture).entries())
    tensors[description.parameters[name]] = { shape, data: weights[i] }
  const d = moments.mean.length
  tensors['moments.mean'] = { shape: [d], data: moments.mean }
  tensors['moments.eigenvalues'] = { shape: [d], data: moments.eigenvalues }
  tensors['moments.eigenvectors'] = { shape: [d, d], data: moments.eigenvectors }
  return encodeSafetensors(tensors, metadata)
}

/** Puts description and tensors together, every shape checked. */
export function assembleModel(
  description: ModelDescription,
  { tensors }: SafetensorsFile,
  name: string,
): Model {
  const parameters = parametersOf(description.architecture)
  const d = description.architecture.dimension
  const take = <T extends Float32Array | Float64Array>(
    key: string,
    shape: readonly number[],
    type: new (n: number) => T,
  ): T => {
    const tensor = Object.hasOwn(tensors, key) ? tensors[key] : undefined
    const fits =
      tensor && tensor.shape.length === shape.length && shape.every((n, i) => n === tensor.shape[i])
    if (!fits || !(tensor.data instanceof type))
      throw new BadInput(
        name,
        tensor ? `has the tensor ${key} with shape [${tensor.shape.join(', ')}]` : `has no tensor ${key}`,
        `the tensor ${key} of shape [${shape.join(', ')}], as model.json has it`,
      )
    if (!tensor.data.every(Number.isFinite))
      throw new BadInput(name, `has values in the tensor ${key} that are not finite`, 'finite weights')
    return tensor.data
  }
  const weights = parameters.map((parameter) => {
    const key = Object.hasOwn(description.parameters, parameter.name)
      ? description.parameters[parameter.name]
      : null
    if (key === null)
      throw new BadInput(name, `names no tensor for ${parameter.name}`, 'one for every parameter')
    return take(key, parameter.shape, Float32Array)
  })
  const eigenvalues = take('moments.eigenvalues', [d], Float64Array)
  const trace = eigenvalues.reduce((sum, value) => sum + value, 0)
  if (!(trace > 0) || eigenvalues.some((value) => value < 0))
    throw new BadInput(name, 'has negative variances', 'the eigenvalues of a covariance')
  const moments: Moments = {
    mean: take('moments.mean', [d], Float64Array),
    eigenvalues,
    eigenvectors: take('moments.eigenvectors', [d, d], Float64Array),
    trace,
    scale: Math.sqrt(trace / d),
  }
  return { description, moments, weights }
}
