import { checkInteger } from '../../src/errors.ts'
import { writeFileAtomic } from '../../src/io/atomic-write.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { withFolderLock } from '../../src/io/folder-lock.ts'
import { readBytes } from '../../src/io/read-file.ts'
import type { Model, ModelDescription } from '../../src/nn/model/model.ts'
import { checkpointPath, makeModelFolder, writeModel } from '../../src/nn/model/model-files.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { checkTime, veTime } from '../../src/problem/process.ts'
import { recordOf } from '../../src/problem/record.ts'
import type { Progress } from '../../src/progress.ts'
import { version } from '../../src/version.ts'
import { decodeCheckpoint, encodeCheckpoint, type TrainingState } from './checkpoint.ts'
import type { LossName } from './losses/index.ts'
import type { CurvePoint, MonitorCurve } from './monitor.ts'
import { type TrainingOptions, type TrainingSettings, trainingSettings } from './settings.ts'
import { trainingTarget } from './target.ts'
import type { Teacher } from './teacher.ts'
import { type TrainedNetwork, train } from './train.ts'

export interface TrainModelOptions extends TrainingOptions {
  readonly loss: LossName
  /** The largest time T of the problem's own process. */
  readonly time: number
  /** Default 0. */
  readonly seed?: number
  /** The folder to write the model and its checkpoints to; without it nothing is written. */
  readonly out?: string
  /** Whether whoever trains keeps others from `out` already. */
  readonly locked?: boolean
  /** A score network whose flow is learned in place of that of the exact score; points are still made from the data. */
  readonly teacher?: Teacher
  /** Goes on from the checkpoint in `out` where there is one. */
  readonly resume?: boolean
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
 * weights) and checkpoint.safetensors, from which `resume` goes on to the same bits. An abort keeps a checkpoint.
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
  const settings = trainingSettings(options.loss, density, options)
  const record = recordOf(problem, time)
  const { out } = options
  if (options.resume && out === undefined)
    throw new BadInput('resume', 'is given without out', 'a model folder to go on from')

  // needed with a teacher alone, with all that networks of other frameworks need
  const teachers = options.teacher && (await import('./teacher.ts'))
  const source =
    options.teacher &&
    teachers?.teacherDensity(options.teacher, settings, density, process, veTime(process, time))
  const teacher = options.teacher && (await teachers?.teacherRecord(options.teacher))
  // threads and backend do not belong to what is trained: a checkpoint may go on elsewhere
  const { threads: _, backend: __, ...identity } = settings
  const training = JSON.stringify({
    settings: identity,
    seed,
    time,
    problem: record.problem,
    teacher: teacher?.sha256,
  })
  if (out === undefined) return trained(undefined)
  await makeModelFolder(out)
  return withFolderLock(options.locked ? undefined : out, async () =>
    trained(options.resume ? await checkpointOf(out, training, settings.steps) : undefined),
  )

  async function trained(state: TrainingState | undefined): Promise<TrainingResult> {
    const found = await train(density, settings, {
      time: veTime(process, time),
      seed,
      state,
      teacher: source,
      monitor: options.monitor,
      onProgress: options.onProgress,
      signal: options.signal,
      checkpoint:
        out === undefined
          ? undefined
          : { every, save: (now) => writeFileAtomic(checkpointPath(out), encodeCheckpoint(now, training)) },
    })
    const model = modelOf(problem, settings, found, { ...record, seed, teacher })
    if (out !== undefined) await writeModel(out, model)
    return {
      model,
      loss: settings.loss,
      finalLoss: found.finalLoss,
      steps: settings.steps,
      seconds: found.seconds,
      secondsPerStep: found.seconds / settings.steps,
      seed,
      curve: found.curve,
      monitor: found.monitor,
    }
  }
}

/** The state in the checkpoint of a folder, where there is one. */
async function checkpointOf(
  folder: string,
  training: string,
  steps: number,
): Promise<TrainingState | undefined> {
  const path = checkpointPath(folder)
  if (!(await exists(path))) return undefined
  const state = decodeCheckpoint(await readBytes(path), training, path)
  if (state.step > steps)
    throw new BadInput(path, `is of step ${state.step}`, `one of the ${steps} steps of the training`)
  return state
}

function modelOf(
  problem: Problem,
  settings: TrainingSettings,
  trained: TrainedNetwork,
  { teacher, ...run }: Pick<ModelDescription, 'problem' | 'time' | 'seed' | 'teacher'>,
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
