import { z } from 'zod'
import { writeFileAtomic } from '../io/atomic-write.ts'
import { BadInput } from '../io/bad-input.ts'
import { parseJson, readJson, timeInJson } from '../io/json.ts'
import { readBytes } from '../io/read-file.ts'
import { decodeSafetensors, encodeSafetensors, type SafetensorsFile, type Tensor } from '../io/safetensors.ts'
import type { Moments } from '../numeric/moments.ts'
import { recordSchema } from '../specification/problem.ts'
import { parseWith } from '../specification/schema.ts'
import { architectureKinds, parametersOf } from './architecture.ts'
import type { MixtureComponents } from './coarse-flow.ts'

const size = z.int().positive()
const settingsSchema = z.record(z.string(), z.union([z.string(), z.number()]))

/** model.json: what a trained network is and how it was made. Data only; unknown keys are refused. */
export const modelSchema = z.strictObject({
  format: z.literal('consistency-pde model'),
  formatVersion: z.literal(1),
  /** Of the package that wrote it. */
  version: z.string(),
  /** The SHA-256 of weights.safetensors, so that a folder in which one of the two was replaced is found out. */
  weights: z.string().optional(),
  loss: z.string(),
  /** A consistency function, or the score network of docs/mathematics.md §7.4. */
  kind: z.enum(['map', 'score']).default('map'),
  architecture: z.strictObject({
    kind: z.enum(architectureKinds),
    dimension: size.max(65_536),
    width: size.max(65_536),
    layers: size.max(1024),
    units: size.max(1024).optional(),
    coarseSteps: size.max(64).optional(),
    components: size.max(65_536).optional(),
    times: z.literal(2).optional(),
  }),
  /** The score network whose flow it learned, if not that of the exact score: its name, and the digest of its weights. */
  teacher: z.strictObject({ name: z.string(), sha256: z.string() }).optional(),
  /** The problem it was trained on. */
  problem: recordSchema,
  /** The largest time, of the problem's own process. */
  time: z.union([z.number().positive(), z.literal('Infinity').transform(() => Infinity)]),
  seed: z.int(),
  /** Every option of the training. */
  settings: settingsSchema,
  training: z.strictObject({
    seconds: z.number().nonnegative(),
    evaluations: z.number().nonnegative(),
    backend: z.string(),
    /** Mean loss of the last steps. */
    finalLoss: z.number(),
    curve: z.array(z.strictObject({ step: z.number(), loss: z.number() })),
    /** Where the training was made longer: after this step, until which it had been one of `steps`. */
    extensions: z.array(z.strictObject({ step: z.int().nonnegative(), steps: size })).optional(),
    /** The true error of the averaged weights in the course of training, and the residual at angles θ = arctan(t/c). */
    monitor: z
      .strictObject({
        angles: z.array(z.number()),
        points: z.array(
          z.strictObject({ step: z.number(), error: z.number(), residual: z.array(z.number()) }),
        ),
      })
      .optional(),
  }),
  /** The tensor of weights.safetensors that holds each parameter of the network. */
  parameters: z.record(z.string(), z.string()),
})

export type ModelDescription = z.infer<typeof modelSchema>

/** A trained network in memory. */
export interface Model {
  readonly description: ModelDescription
  /** Of the data: they fix the Gaussian skip. */
  readonly moments: Moments
  /** Of the mixture whose coarse flow the network corrects, where its architecture has one. */
  readonly components?: MixtureComponents
  /** The averaged weights, in the order of the network's parameters. */
  readonly weights: readonly Float32Array[]
}

// how far the moments of the data may be from those that a model was trained with
const TOLERANCE = 1e-9

/** Whether mean and covariance are those of the same data. */
export function sameMoments(a: Moments, b: Moments): boolean {
  if (a.mean.length !== b.mean.length) return false
  const near = (x: Float64Array, y: Float64Array, scale: number) =>
    x.every((value, i) => Math.abs(value - y[i]) <= TOLERANCE * scale)
  return near(a.mean, b.mean, a.scale) && near(a.eigenvalues, b.eigenvalues, a.trace)
}

/** Files of a model folder. */
const DESCRIPTION = 'model.json'
const WEIGHTS = 'weights.safetensors'
const CHECKPOINT = 'checkpoint.safetensors'

/** The checkpoint of a model folder. */
export function checkpointPath(folder: string): string {
  return `${folder}/${CHECKPOINT}`
}

/** Makes the folder of a model, so that a path that cannot be one is found out before the training. */
export async function makeModelFolder(folder: string): Promise<void> {
  const { mkdir } = await import('node:fs/promises')
  await mkdir(folder, { recursive: true })
}

/**
 * Writes model.json and weights.safetensors; the description comes last and holds the digest of the weights, so that the two are
 * known to belong together.
 */
export async function writeModel(folder: string, model: Model): Promise<void> {
  const bytes = encodeWeights(model)
  const description = { ...descriptionInJson(model), weights: await digest(bytes) }
  await writeFileAtomic(`${folder}/${WEIGHTS}`, bytes)
  await writeFileAtomic(`${folder}/${DESCRIPTION}`, `${JSON.stringify(description, null, 2)}\n`)
}

/** @throws InputError naming the file that is missing or does not fit */
export async function readModel(folder: string): Promise<Model> {
  const path = `${folder}/${WEIGHTS}`
  const description = parseDescription(await readJson(`${folder}/${DESCRIPTION}`), `${folder}/${DESCRIPTION}`)
  const bytes = await readBytes(path)
  const model = assembleModel(description, decodeSafetensors(bytes, path), path)
  if (description.weights !== undefined && description.weights !== (await digest(bytes)))
    throw new BadInput(
      path,
      `does not belong to ${DESCRIPTION} beside it`,
      'the two of one training; train it again',
    )
  return model
}

async function digest(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * A model as one array of bytes, for another thread or a browser: weights and moments as a safetensors file, whose
 * metadata hold the description.
 */
export function modelToBytes(model: Model): Uint8Array {
  return encodeWeights(model, { model: JSON.stringify(descriptionInJson(model)) })
}

/** The description as model.json has it. */
function descriptionInJson({ description }: Model): object {
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
  const { description, moments, weights, components } = model
  const tensors: Record<string, Tensor> = {}
  for (const [i, { name, shape }] of parametersOf(description.architecture).entries())
    tensors[description.parameters[name]] = { shape, data: weights[i] }
  const d = moments.mean.length
  tensors['moments.mean'] = { shape: [d], data: moments.mean }
  tensors['moments.eigenvalues'] = { shape: [d], data: moments.eigenvalues }
  tensors['moments.eigenvectors'] = { shape: [d, d], data: moments.eigenvectors }
  if (components)
    for (const [key, shape] of Object.entries(componentShapes(components.weights.length, d)))
      tensors[`components.${key}`] = { shape, data: components[key as keyof MixtureComponents] }
  return encodeSafetensors(tensors, metadata)
}

/** The shapes of the tensors of a mixture. */
function componentShapes(count: number, d: number) {
  return {
    weights: [count],
    means: [count, d],
    eigenvalues: [count, d],
    eigenvectors: [count, d, d],
  } satisfies Record<keyof MixtureComponents, number[]>
}

/** Puts description and tensors together, every shape checked. */
function assembleModel(description: ModelDescription, { tensors }: SafetensorsFile, name: string): Model {
  const { components: count, coarseSteps } = description.architecture
  if ((count === undefined) !== (coarseSteps === undefined))
    throw new BadInput(
      name,
      'has one of architecture.components and architecture.coarseSteps',
      'both or neither',
    )
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
  if (count === undefined) return { description, moments, weights }
  const shapes = componentShapes(count, d)
  const component = (key: keyof MixtureComponents) => take(`components.${key}`, shapes[key], Float64Array)
  const components: MixtureComponents = {
    weights: component('weights'),
    means: component('means'),
    eigenvalues: component('eigenvalues'),
    eigenvectors: component('eigenvectors'),
  }
  if (components.weights.some((weight) => !(weight > 0)))
    throw new BadInput(name, 'has weights of components that are not positive', 'positive weights')
  return { description, moments, weights, components }
}
