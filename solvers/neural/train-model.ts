import { checkInteger, checkNumber } from '../../src/errors.ts'
import { writeFileAtomic } from '../../src/io/atomic-write.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { withFolderLock } from '../../src/io/folder-lock.ts'
import { readBytes } from '../../src/io/read-file.ts'
import {
  checkpointPath,
  type Model,
  type ModelDescription,
  makeModelFolder,
  writeModel,
} from '../../src/nn/model.ts'
import { componentsOf } from '../../src/problem/densities/structure.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { checkTime, veTime } from '../../src/problem/process.ts'
import { recordOf } from '../../src/problem/record.ts'
import type { Progress } from '../../src/progress.ts'
import { version } from '../../src/version.ts'
import {
  decodeCheckpoint,
  type Extension,
  encodeCheckpoint,
  stepsOf,
  type TrainingState,
} from './checkpoint.ts'
import type { LossName } from './losses/index.ts'
import { trainingTarget } from './model-method.ts'
import type { CurvePoint, MonitorCurve } from './monitor.ts'
import { type TrainingOptions, type TrainingSettings, trainingSettings } from './settings.ts'
import type { Teacher } from './teacher.ts'
import { type TrainedNetwork, train } from './train.ts'

export interface TrainModelOptions extends TrainingOptions {
  readonly loss: LossName
  /** The largest time T of the problem's own process. */
  readonly time: number
  /**
   * Seconds to train for, in place of `steps`: short trials find how many steps that makes, and the schedule is that of so many steps. The
   * number is in the result and in the model; a training with the same seed and that many `steps` gives the same bytes. With `resume` a
   * training that has begun keeps its number.
   */
  readonly seconds?: number
  /** Default 0. */
  readonly seed?: number
  /** The folder to write the model and its checkpoints to; without it nothing is written. */
  readonly out?: string
  /** Whether whoever trains keeps others from `out` already. */
  readonly locked?: boolean
  /** A score network whose flow is learned in place of that of the exact score; points are still made from the data. */
  readonly teacher?: Teacher
  /**
   * Goes on from the checkpoint in `out` where there is one. Without `steps` the training keeps its number of steps. With more it is made
   * longer: from the checkpoint on, learning rate, points and all else that follows the course of a training are those of the larger number.
   * That is another training than one of so many steps from the start, and the model says so (`extensions`). `unchanged` refuses it.
   */
  readonly resume?: boolean | 'unchanged'
  /** Called before a training that has been made longer goes on. */
  readonly onExtended?: (extension: Extension) => void
  /** Steps between two checkpoints; default 1000. */
  readonly checkpointEvery?: number
  /** Whether the true error is measured in the course of training, which changes nothing else; default true. */
  readonly monitor?: boolean
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

export interface TrainingResult {
  readonly model: Model
  readonly loss: LossName
  readonly finalLoss: number
  readonly steps: number
  /** Where the training was made longer, and how many steps it had until then. */
  readonly extensions: readonly Extension[]
  /** Of training, those before an interruption included. */
  readonly seconds: number
  readonly secondsPerStep: number
  readonly seed: number
  /** The loss in about 200 points, for figures. */
  readonly curve: readonly CurvePoint[]
  /** The true error and the residual by time, about every 5 % of the steps; null where it was not measured. */
  readonly monitor: MonitorCurve | null
}

/**
 * Trains a network on a problem and, with `out`, writes a model folder: model.json, weights.safetensors (the averaged
 * weights) and checkpoint.safetensors, from which `resume` goes on to the same bits, or to more steps. An abort keeps a checkpoint.
 *
 * @throws InputError for an option out of its range, a folder that another training writes to, or a checkpoint of another training; ComputationError when the loss is
 *   no longer finite; the reason of the signal when aborted
 * @example await trainModel(problem, { loss: 'pinn', time: 10, steps: 12_000, out: 'model' })
 */
export async function trainModel(problem: Problem, options: TrainModelOptions): Promise<TrainingResult> {
  const { density, process } = problem
  const time = checkTime(problem, 'time', options.time, true)
  const seed = checkInteger('seed', options.seed ?? 0, -(2 ** 31), 2 ** 31 - 1)
  const every = checkInteger('checkpointEvery', options.checkpointEvery ?? 1000, 1)
  const given = trainingSettings(options.loss, density, options, options.teacher !== undefined)
  const { out, seconds } = options
  if (seconds !== undefined && options.steps !== undefined)
    throw new BadInput('seconds', 'is given together with steps', 'one of the two')
  if (seconds !== undefined) checkNumber('seconds', seconds, 0, 1e9, true)
  const record = recordOf(problem, time)
  if (options.resume && out === undefined)
    throw new BadInput('resume', 'is given without out', 'a model folder to go on from')

  // needed with a teacher alone, with all that networks of other frameworks need
  const teachers = options.teacher && (await import('./teacher.ts'))
  const source =
    options.teacher &&
    teachers?.teacherDensity(options.teacher, given, density, process, veTime(process, time))
  const teacher = options.teacher && (await teachers?.teacherRecord(options.teacher))
  const run = {
    time: veTime(process, time),
    seed,
    teacher: source,
    monitor: options.monitor,
    signal: options.signal,
  }
  if (out === undefined) return trained(await withSteps(given), undefined)
  await makeModelFolder(out)
  return withFolderLock(options.locked ? undefined : out, async () => {
    const path = checkpointPath(out)
    const bytes = options.resume && (await exists(path)) ? await readBytes(path) : undefined
    if (!bytes) return trained(await withSteps(given), undefined)
    const before =
      options.resume === 'unchanged' && seconds === undefined ? given.steps : stepsOf(bytes, path)
    // another option that differs is named before the number of steps
    const state = stateOf(bytes, identityOf({ ...given, steps: before }), path, before)
    const steps = options.steps ?? before
    if (steps < before)
      throw new BadInput(
        'steps',
        `is ${steps}`,
        `at least the ${before} of the training in ${out}, which can only be made longer`,
      )
    if (steps === before) return trained({ ...given, steps }, state)
    const extension = { step: state.step, steps: before }
    options.onExtended?.(extension)
    return trained({ ...given, steps }, { ...state, extensions: [...state.extensions, extension] })
  })

  /** What is trained. Threads and backend do not belong to it: a checkpoint may go on elsewhere. */
  function identityOf({ threads: _, backend: __, ...settings }: TrainingSettings): string {
    return JSON.stringify({ settings, seed, time, problem: record.problem, teacher: teacher?.sha256 })
  }

  async function withSteps(settings: TrainingSettings): Promise<TrainingSettings> {
    if (seconds === undefined) return settings
    const { stepsWithin } = await import('./steps-within.ts')
    return {
      ...settings,
      steps: await stepsWithin(seconds, (n) => train(density, { ...settings, steps: n }, run)),
    }
  }

  async function trained(
    settings: TrainingSettings,
    state: TrainingState | undefined,
  ): Promise<TrainingResult> {
    const training = identityOf(settings)
    const found = await train(density, settings, {
      ...run,
      state,
      onProgress: options.onProgress,
      checkpoint:
        out === undefined
          ? undefined
          : { every, save: (now) => writeFileAtomic(checkpointPath(out), encodeCheckpoint(now, training)) },
    })
    const extensions = state?.extensions ?? []
    const model = modelOf(problem, settings, found, { ...record, seed, teacher }, extensions)
    if (out !== undefined) await writeModel(out, model)
    return {
      model,
      loss: settings.loss,
      finalLoss: found.finalLoss,
      steps: settings.steps,
      extensions,
      seconds: found.seconds,
      secondsPerStep: found.seconds / settings.steps,
      seed,
      curve: found.curve,
      monitor: found.monitor,
    }
  }
}

/** The state in the bytes of a checkpoint of this training. */
function stateOf(bytes: Uint8Array, training: string, path: string, steps: number): TrainingState {
  const state = decodeCheckpoint(bytes, training, path)
  if (state.step > steps)
    throw new BadInput(path, `is of step ${state.step}`, `one of the ${steps} steps of the training`)
  return state
}

function modelOf(
  problem: Problem,
  settings: TrainingSettings,
  trained: TrainedNetwork,
  { teacher, ...run }: Pick<ModelDescription, 'problem' | 'time' | 'seed' | 'teacher'>,
  extensions: readonly Extension[],
): Model {
  const { network, weights, seconds, evaluations, backend, finalLoss, curve, monitor } = trained
  const { loss, ...rest } = settings
  const { learns } = trainingTarget(loss, rest, problem.dimension)
  return {
    description: {
      format: 'consistency-pde model',
      formatVersion: 1,
      version,
      loss,
      kind: learns ?? 'map',
      architecture: { ...network.architecture },
      ...(teacher && { teacher }),
      ...run,
      settings: rest,
      training: {
        seconds,
        evaluations,
        backend: backend.description,
        finalLoss,
        curve: [...curve],
        ...(extensions.length > 0 && { extensions: [...extensions] }),
        ...(monitor && {
          monitor: {
            angles: [...monitor.angles],
            points: monitor.points.map((point) => ({ ...point, residual: [...point.residual] })),
          },
        }),
      },
      parameters: Object.fromEntries(network.parameters.map(({ name }) => [name, `weights.${name}`])),
    },
    moments: problem.density.moments,
    ...(settings.coarseSteps > 0 && { components: componentsOf(problem.density) }),
    weights,
  }
}

async function exists(path: string): Promise<boolean> {
  const { access } = await import('node:fs/promises')
  return access(path).then(
    () => true,
    () => false,
  )
}
