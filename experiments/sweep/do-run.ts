import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { characteristicsAt, type MethodSpec } from '../../solvers/method-specification.ts'
import { checkpointPath, type TrainingResult, trainModel } from '../../solvers/neural/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { writeFileAtomic } from '../../src/io/atomic-write.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import type { Progress } from '../../src/progress.ts'
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

/** Does a run and writes its result. A training goes on from its checkpoint, where there is one. */
async function doRun(
  run: SweepRun,
  folder: string,
  onProgress: (progress: Progress) => void = () => {},
): Promise<RunFile> {
  const { specification, time, trajectories: count, intervals, samples } = run
  const { spec, trainingSeconds } = await trained(run, folder, onProgress)
  const context = { specification, time, seed: SAMPLE_SEED }
  const sample = await runTask({ kind: 'sample', context, label: 'sweep', count, intervals, rtol: RTOL })
  const measured = await runTask({
    kind: 'measure',
    context,
    spec,
    trainingSeconds,
    sample,
    samples,
    maps: null,
  })
  const { method } = measured
  const row = {
    ...methodResult(measured, sample, Number.NaN, null),
    method: method.split(':').slice(-1)[0] === run.method ? method : `${method}:${run.method}`,
    // known only beside the others
    beatsBaseline: null,
    seed: run.seed,
  }
  const file: RunFile = { key: run.key, name: run.name, row }
  const path = runPath(folder, run)
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomic(path, `${JSON.stringify(file, null, 2)}\n`)
  await rm(checkpointPath(modelPath(folder, run)), { force: true })
  return file
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
    return await trainedSpec(trainModel(problem, { ...training, resume: true }))
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
