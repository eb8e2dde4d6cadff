import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { characteristicsAt, type MethodSpec } from '../../solvers/method-specification.ts'
import { checkpointPath, type TrainingResult, trainModel } from '../../solvers/neural/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { ComputationError, InputError } from '../../src/errors.ts'
import { writeFileAtomic } from '../../src/io/atomic-write.ts'
import type { CarriedSample } from '../../src/metrics/carried-sample.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import type { Progress } from '../../src/progress.ts'
import type { MethodResult } from '../../src/report/results.ts'
import { methodResult } from '../compare/results.ts'
import { runTask } from '../compare/tasks.ts'
import { taskWorker } from '../in-workers.ts'
import { modelPath, type RunFile, runPath } from './files.ts'
import type { SweepRun } from './runs.ts'

// steps that an interruption may cost
const CHECKPOINT_EVERY = 500
// all methods of a problem are measured on the same trajectories
const SAMPLE_SEED = 0
const RTOL = 1e-10

/** What each kind of task takes and gives: a run and its folder, and the name of the run. */
export interface SweepTasks {
  run: { task: { readonly run: SweepRun; readonly folder: string }; result: string }
}

export default taskWorker(async ({ run, folder }: SweepTasks['run']['task'], onProgress) => {
  await doRun(run, folder, onProgress)
  return run.name
})

/**
 * Does a run and writes its result. A training goes on from its checkpoint, where there is one. A computation that cannot be finished, such
 * as a training that diverges, is a result too: nothing would be other in another try.
 */
async function doRun(
  run: SweepRun,
  folder: string,
  onProgress: (progress: Progress) => void = () => {},
): Promise<RunFile> {
  const found = await measured(run, folder, onProgress).catch((error) => {
    if (!(error instanceof ComputationError)) throw error
    return { row: withoutNumbers(run), failure: error.message }
  })
  const file: RunFile = { key: run.key, name: run.name, ...found }
  const path = runPath(folder, run)
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomic(path, `${JSON.stringify(file, null, 2)}\n`)
  await rm(checkpointPath(modelPath(folder, run)), { force: true })
  return file
}

async function measured(
  run: SweepRun,
  folder: string,
  onProgress: (progress: Progress) => void,
): Promise<{ readonly row: MethodResult }> {
  const { specification, time, samples } = run
  const { spec, trainingSeconds } = await trained(run, folder, onProgress)
  const context = { specification, time, seed: SAMPLE_SEED }
  const sample = await sampleOf(run)
  const task = { kind: 'measure', context, spec, trainingSeconds, sample, samples, maps: null } as const
  const found = await runTask(task)
  const { method } = found
  const row = {
    ...methodResult(found, sample, Number.NaN, null),
    method: method.split(':').slice(-1)[0] === run.method ? method : `${method}:${run.method}`,
    // known only beside the others
    beatsBaseline: null,
    seed: run.seed,
  }
  return { row }
}

/** The row of a run that could not be finished. */
function withoutNumbers({ method, options, seed }: SweepRun): MethodResult {
  return {
    ...{ method, options, seed },
    ...{ relativeError: null, standardError: null, trimmedError: null, medianError: null, error99: null },
    ...{ maximumError: null, effectiveSampleSize: null, worstShare: null, betweenModes: null },
    ...{ wasserstein2: null, functionEvaluations: null, seconds: null },
    ...{ certificate: null, certificateInterval: null, certificateReason: null, incrementBound: null },
    ...{ diagnostics: null, beatsBaseline: null, target: 'map', seeds: null },
  }
}

let drawn: { readonly of: string; readonly sample: CarriedSample } | undefined

/** The trajectories of a problem; those of the last run where it had the same, since they cost more than many a method. */
async function sampleOf({ specification, time, trajectories, intervals }: SweepRun): Promise<CarriedSample> {
  const of = JSON.stringify({ specification, time, trajectories, intervals })
  if (drawn?.of === of) return drawn.sample
  const context = { specification, time, seed: SAMPLE_SEED }
  const task = {
    kind: 'sample',
    context,
    label: 'sweep',
    count: trajectories,
    intervals,
    rtol: RTOL,
  } as const
  const sample = await runTask(task)
  drawn = { of, sample }
  return sample
}

/** The method as it is measured: what is to be trained is trained here. */
async function trained(
  { options, seed, specification, time, ...run }: SweepRun,
  folder: string,
  onProgress: (progress: Progress) => void,
): Promise<{ spec: MethodSpec; trainingSeconds: number }> {
  if (options.kind === 'characteristics')
    return { spec: characteristicsAt(options.rtol, options), trainingSeconds: 0 }
  if (options.kind !== 'train') return { spec: options, trainingSeconds: 0 }
  const problem = parseProblem(specification)
  const out = modelPath(folder, run)
  await mkdir(out, { recursive: true })
  const { kind: _, ...settings } = options
  const training = {
    ...omitUndefined(settings),
    loss: options.loss,
    ...{ time, seed: seed ?? 0, out, locked: true, onProgress, checkpointEvery: CHECKPOINT_EVERY },
  }
  try {
    return await trainedSpec(trainModel(problem, { ...training, resume: 'unchanged' }))
  } catch (error) {
    // the checkpoint of another sweep, or a damaged one, is in the way of nothing
    if (!(error instanceof InputError) || error.parameter !== checkpointPath(out)) throw error
    return trainedSpec(trainModel(problem, training))
  }
}

async function trainedSpec(training: Promise<TrainingResult>) {
  const { model, seconds } = await training
  return { spec: { kind: 'model', loaded: { model } } as const, trainingSeconds: seconds }
}
