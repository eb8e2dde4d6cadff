import { createMethod, type MethodSpec } from '../../solvers/method-specification.ts'
import { trainModel } from '../../solvers/neural/train-model.ts'
import { type Certificate, certificate } from '../../src/certificate/certificate.ts'
import { loadProblem } from '../../src/create/read-problem.ts'
import { InputError } from '../../src/errors.ts'
import { type CarriedSample, carriedSample, drawNoised } from '../../src/metrics/carried-sample.ts'
import { type ErrorStatistics, errorStatistics } from '../../src/metrics/error-statistics.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import { checkpointPath } from '../../src/nn/model.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { veTime } from '../../src/problem/process.ts'
import type { Progress } from '../../src/progress.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import type { ProblemRecord } from '../../src/specification/problem.ts'
import type { Paths } from '../../src/studies/figures.ts'
import { type TaskOf, taskWorker } from '../in-workers.ts'
import { type NetworkEntry, rowName } from './entries.ts'
import { type MapPoints, squaredErrors, truthAt } from './map-grid.ts'
import type { NetworkSettings } from './settings.ts'

// steps that an interruption may cost
const CHECKPOINT_EVERY = 500

/** What every task knows of the problem. */
interface TaskContext {
  readonly specification: ProblemRecord
  readonly time: number
  readonly seed: number
}

interface InContext {
  readonly context: TaskContext
}

/** What each kind of task takes and gives. */
export interface Tasks {
  sample: {
    task: InContext & { count: number; intervals: number; label: string; rtol: number }
    result: CarriedSample
  }
  paths: { task: InContext & { count: number; intervals: number }; result: Paths }
  truth: { task: InContext & { maps: readonly MapPoints[] }; result: readonly Float64Array[] }
  /** The model and its checkpoints go to the folder, where there is one. */
  train: {
    task: InContext & { network: NetworkEntry; settings: NetworkSettings; folder?: string }
    result: Trained
  }
  measure: {
    task: InContext & {
      spec: MethodSpec
      /** Of its training. */
      trainingSeconds?: number
      sample: CarriedSample
      samples: number
      maps: readonly MapTruth[] | null
    }
    result: Measured
  }
  ladder: {
    task: InContext & { specs: readonly MethodSpec[]; sample: CarriedSample }
    result: readonly WorkPoint[]
  }
}

export type Trained = Awaited<ReturnType<typeof trainModel>>

/** The points of an error map and the truth there. */
export interface MapTruth extends MapPoints {
  readonly truth: Float64Array
}

export interface Measured {
  readonly method: string
  readonly options: Readonly<Record<string, unknown>>
  readonly target: 'map' | 'distribution'
  readonly statistics: ErrorStatistics
  /** |f̂ − f|²/tr Cov at each trajectory's end. */
  readonly squares: Float64Array
  readonly wasserstein2: number | null
  /** f̂(T, X_T) for plain samples. */
  readonly images: Float64Array
  /** |f̂ − f|/√(tr Cov) at the points of the error map of each time. */
  readonly mapErrors: readonly Float64Array[] | null
  /** f̂(T, x) at those of T, in one dimension. */
  readonly curve: Float64Array | null
  readonly certificate: Certificate | null
  readonly functionEvaluations: number
  readonly seconds: number
  readonly diagnostics: unknown
  /** What its error consists of, where the method says so. */
  readonly cause: string | null
}

/** One point of the error-against-work figure. */
export interface WorkPoint {
  readonly work: number
  readonly error: number
}

type TaskKind = keyof Tasks

type Work<K extends TaskKind> = (
  problem: Problem,
  context: TaskContext,
  task: Tasks[K]['task'],
  onProgress: (progress: Progress) => void,
) => Tasks[K]['result'] | Promise<Tasks[K]['result']>

const work: { readonly [K in TaskKind]: Work<K> } = {
  sample: drawSample,
  paths: async (problem, { time, seed }, { count, intervals }) => {
    const { drawPaths } = await import('../../src/studies/figures.ts')
    return drawPaths(problem, time, { count, intervals, random: Random.stream(seed, 'paths') })
  },
  truth: (problem, { time }, { maps }) => truthAt(problem, time, maps),
  train: trainNetwork,
  measure,
  ladder: workPrecision,
}

/** Does one task. Everything random comes from the seed and the task's own label, never from what ran before. */
export async function runTask<K extends TaskKind>(
  task: TaskOf<Tasks, K>,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Tasks[K]['result']> {
  return work[task.kind](await problemOf(task.context.specification), task.context, task, onProgress)
}

let latest: { readonly text: string; readonly problem: Promise<Problem> } | undefined

/** The problem of a specification. That of the task before is the same object: what it has computed for its rows serves the next task too. */
function problemOf(specification: ProblemRecord): Promise<Problem> {
  const text = JSON.stringify(specification)
  if (latest?.text !== text) latest = { text, problem: loadProblem(specification) }
  return latest.problem
}

export default taskWorker(runTask)

function drawSample(
  problem: Problem,
  { time, seed }: TaskContext,
  task: Tasks['sample']['task'],
): CarriedSample {
  return carriedSample(problem.density, {
    time: veTime(problem.process, time),
    count: task.count,
    intervals: task.intervals,
    graded: true,
    rtol: task.rtol,
    random: Random.stream(seed, task.label),
  })
}

async function trainNetwork(
  problem: Problem,
  { time, seed }: TaskContext,
  { network, settings, folder }: Tasks['train']['task'],
  onProgress: (progress: Progress) => void,
): Promise<Trained> {
  const { steps, ...entry } = network
  const options = {
    ...entry,
    ...(settings.seconds === undefined ? { steps } : { seconds: settings.seconds }),
    width: settings.width,
    layers: settings.layers,
    batch: settings.batch,
    time,
    seed,
    onProgress,
  }
  if (folder === undefined) return trainModel(problem, options)
  const kept = { ...options, out: folder, locked: true, checkpointEvery: CHECKPOINT_EVERY }
  try {
    return await trainModel(problem, { ...kept, resume: 'unchanged' })
  } catch (error) {
    // the checkpoint of another comparison, or a damaged one, is in the way of nothing
    if (!(error instanceof InputError) || error.parameter !== checkpointPath(folder)) throw error
    return trainModel(problem, kept)
  }
}

async function measure(
  problem: Problem,
  { time, seed }: TaskContext,
  { spec, trainingSeconds = 0, sample, samples, maps }: Tasks['measure']['task'],
): Promise<Measured> {
  const { density } = problem
  const { trace } = density.moments
  const ve = veTime(problem.process, time)
  const method = await createMethod(spec)
  const start = performance.now()
  const f = await solve(problem, method, { time, seed })
  const estimate = f.ve.evaluate(ve, sample.positions.at(-1) as Float64Array)
  const own = (performance.now() - start) / 1000
  const functionEvaluations = f.info.functionEvaluations

  const noise = drawNoised(density, ve, samples, Random.stream(seed, 'noise'))
  const images = f.ve.evaluate(ve, noise)
  const fresh = density.sample?.(samples, Random.stream(seed, 'data'))
  const diagnostics = f.ve.diagnostics ?? null
  const onMaps = maps?.map(({ time: t, x }) => f.ve.evaluate(t, x)) ?? []
  return {
    method: rowName(method, spec),
    options: f.info.options,
    target: f.info.target,
    statistics: errorStatistics(sample.x0, estimate, sample.weights, trace, sample.labels),
    squares: squaredErrors(sample.x0, estimate, density.dimension, trace),
    wasserstein2: fresh ? slicedWasserstein(images, fresh, density.dimension) : null,
    images,
    mapErrors:
      maps?.map(({ truth }, k) => squaredErrors(truth, onMaps[k], density.dimension, trace).map(Math.sqrt)) ??
      null,
    curve: density.dimension === 1 ? (onMaps.at(-1) ?? null) : null,
    certificate: f.ve.jvp && !density.atomic ? certificate(f.ve, density, sample) : null,
    functionEvaluations,
    seconds: own + trainingSeconds,
    diagnostics,
    cause: f.ve.cause ?? null,
  }
}

async function workPrecision(
  problem: Problem,
  { time, seed }: TaskContext,
  { specs, sample }: Tasks['ladder']['task'],
): Promise<WorkPoint[]> {
  const ve = veTime(problem.process, time)
  const points: WorkPoint[] = []
  for (const spec of specs) {
    const f = await solve(problem, await createMethod(spec), { time, seed })
    const estimate = f.ve.evaluate(ve, sample.positions.at(-1) as Float64Array)
    const { relativeError } = errorStatistics(
      sample.x0,
      estimate,
      sample.weights,
      problem.density.moments.trace,
    )
    points.push({ work: f.info.functionEvaluations, error: relativeError })
  }
  return points
}
