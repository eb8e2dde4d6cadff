import { z } from 'zod'
import { BadInput } from '../../src/io/bad-input.ts'
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../../src/io/safetensors.ts'
import type { RandomState } from '../../src/random/random.ts'
import { version } from '../../src/version.ts'
import type { LearnerState } from './learner.ts'
import type { CurveState, MonitorPoint } from './monitor.ts'

/** A training was made longer: at this step, when `steps` was its number of steps. */
export interface Extension {
  readonly step: number
  readonly steps: number
}

/** Everything the next training steps depend on, beside the settings, the seed and the problem. */
export interface TrainingState extends LearnerState {
  /** Steps done. */
  readonly step: number
  /** In the order in which they were made; empty for a training that has had one number of steps from its start. */
  readonly extensions: readonly Extension[]
  /** Of the generator that chooses batches; a pool of points is made again from the seed. */
  readonly random: RandomState
  readonly curve: CurveState
  readonly monitor: readonly MonitorPoint[]
  readonly evaluations: number
  readonly seconds: number
}

const optimiserSchema = z.strictObject({ name: z.string(), scalars: z.record(z.string(), z.number()) })

/** The words of the generator, which gives nothing but zeros where all of them are 0. */
const word = z.int32()
const generatorSchema = z
  .array(word)
  .length(4)
  .refine((words) => words.some((value) => value !== 0))

const headSchema = z.strictObject({
  /** Of the package that wrote it: another one may take other steps. */
  version: z.string(),
  /** What is being trained, as JSON: a checkpoint goes on with exactly this. */
  training: z.string(),
  step: z.int().nonnegative(),
  extensions: z.array(z.strictObject({ step: z.int().nonnegative(), steps: z.int().positive() })).default([]),
  random: z.strictObject({ generator: generatorSchema, spare: z.number().nullable() }),
  optimiser: optimiserSchema,
  average: optimiserSchema,
  target: optimiserSchema.optional(),
  curve: z.strictObject({
    points: z.array(z.strictObject({ step: z.number(), loss: z.number() })),
    sum: z.number(),
    count: z.number(),
  }),
  monitor: z.array(z.strictObject({ step: z.number(), error: z.number(), residual: z.array(z.number()) })),
  evaluations: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
})

const GROUPS = ['weights', 'optimiser', 'average', 'target'] as const

/**
 * The bytes of a checkpoint: one safetensors file, so that it is written whole or not at all.
 *
 * @param training what is being trained (settings, seed, problem, time), as JSON
 */
export function encodeCheckpoint(state: TrainingState, training: string): Uint8Array {
  const { weights, optimiser, average, target, ...rest } = state
  const tensors: Record<string, Tensor> = {}
  const groups = {
    weights,
    optimiser: optimiser.arrays,
    average: average.arrays,
    target: target?.arrays ?? {},
  }
  for (const group of GROUPS)
    for (const [name, data] of Object.entries(groups[group]))
      tensors[`${group}/${name}`] = { shape: [data.length], data }
  const head: z.infer<typeof headSchema> = {
    ...structuredClone(rest as Omit<z.infer<typeof headSchema>, 'version'>),
    version,
    training,
    optimiser: { name: optimiser.name, scalars: { ...optimiser.scalars } },
    average: { name: average.name, scalars: { ...average.scalars } },
    target: target && { name: target.name, scalars: { ...target.scalars } },
  }
  return encodeSafetensors(tensors, { checkpoint: JSON.stringify(head) })
}

/**
 * The state in the bytes of a checkpoint.
 *
 * @param training as given to `encodeCheckpoint`
 * @param name what to call the file in an error
 * @throws InputError when the bytes are no checkpoint, or one of another training
 */
export function decodeCheckpoint(bytes: Uint8Array, training: string, name: string): TrainingState {
  const { tensors, metadata } = decodeSafetensors(bytes, name)
  const head = parseHead(metadata.checkpoint, name)
  if (head.version !== version)
    throw new BadInput(name, `is a checkpoint of version ${head.version}`, `one of version ${version}`)
  if (head.training !== training) refuseOther(head.training, training, name)
  const group = (prefix: (typeof GROUPS)[number]) =>
    Object.fromEntries(
      Object.entries(tensors).flatMap(([key, { data }]) =>
        key.startsWith(`${prefix}/`) && data instanceof Float32Array
          ? [[key.slice(prefix.length + 1), finite(data, key, name)]]
          : [],
      ),
    )
  const { training: _, version: __, ...rest } = head
  return {
    ...rest,
    weights: group('weights'),
    optimiser: { ...head.optimiser, arrays: group('optimiser') },
    average: { ...head.average, arrays: group('average') },
    target: head.target && { ...head.target, arrays: group('target') },
  }
}

/**
 * The number of steps of the training that a checkpoint is of.
 *
 * @throws InputError when the bytes are no checkpoint
 */
export function stepsOf(bytes: Uint8Array, name: string): number {
  const { training } = parseHead(decodeSafetensors(bytes, name).metadata.checkpoint, name)
  const steps = Number(parts(training).steps)
  if (Number.isSafeInteger(steps) && steps > 0) return steps
  throw new BadInput(name, 'does not say how many steps its training has', 'a checkpoint of `train`')
}

/** Names every option that differs, with both values: a checkpoint goes on to the same bits or not at all. */
function refuseOther(was: string, wanted: string, name: string): never {
  const [before, now] = [was, wanted].map(parts)
  const differing = Object.keys({ ...now, ...before }).filter((key) => before[key] !== now[key])
  if (differing.length === 0 || Object.keys(before).length === 0 || Object.keys(now).length === 0)
    throw new BadInput(
      name,
      'is the checkpoint of another training',
      'one of the same problem, time, seed and options',
    )
  const list = (side: Readonly<Record<string, string>>, other: string) =>
    differing
      .map((key) => (UNREADABLE.has(key) ? `${other} ${key}` : `${key} ${side[key] ?? 'not given'}`))
      .join(', ')
  throw new BadInput(
    name,
    `is the checkpoint of another training, with ${list(before, 'another')}`,
    `${list(now, 'the same')}, as now`,
  )
}

// too long to be read
const UNREADABLE = new Set(['problem', 'teacher'])

/** What a training was told, by name, as text; nothing where it is no such thing. */
function parts(training: string): Readonly<Record<string, string>> {
  try {
    const { settings, ...others } = JSON.parse(training)
    const all = Object.entries({ ...settings, ...others })
    return Object.fromEntries(all.map(([key, value]) => [key, JSON.stringify(value)]))
  } catch {
    return {}
  }
}

function finite(data: Float32Array, tensor: string, name: string): Float32Array {
  if (data.every(Number.isFinite)) return data
  throw new BadInput(
    name,
    `has values in the tensor ${tensor} that are not finite`,
    'a checkpoint written by train',
  )
}

function parseHead(text: string | undefined, name: string): z.infer<typeof headSchema> {
  let value: unknown
  try {
    value = JSON.parse(text ?? '')
  } catch {
    throw new BadInput(name, 'holds no training state', 'a checkpoint written by train')
  }
  const head = headSchema.safeParse(value)
  if (!head.success)
    throw new BadInput(name, 'holds a damaged training state', 'a checkpoint written by train')
  return head.data
}
