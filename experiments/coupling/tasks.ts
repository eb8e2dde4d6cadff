import {
  type CtFixedPointMap,
  cdFixedPoint,
  ctFixedPoint,
  modifiedEquation,
} from '../../solvers/fixed-points/index.ts'
import { modelMap, trainModel } from '../../solvers/neural/index.ts'
import type { Method, VeMap } from '../../src/consistency-function.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import type { CarriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import type { Density } from '../../src/problem/density.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { veTime } from '../../src/problem/process.ts'
import type { Progress } from '../../src/progress.ts'
import type { ProblemRecord } from '../../src/specification/problem.ts'
import { type TaskOf, taskWorker } from '../in-workers.ts'
import { type LossFloor, lossFloor } from './floor.ts'
import { type Mode, massOf } from './mode.ts'
import type { Training } from './settings.ts'

/** A fixed point as plain data, so that a worker thread can make it. */
export type FixedPointEntry =
  | { readonly loss: 'ct'; readonly metric: 'l2' | 'l1' | 'pseudo-huber' }
  | { readonly loss: 'cd'; readonly solver: 'euler' | 'heun' }
  | { readonly loss: 'modified'; readonly shift: boolean }

export interface TaskContext {
  readonly specification: ProblemRecord
  readonly time: number
  readonly seed: number
  readonly sample: CarriedSample
  /** Points at T at which maps are drawn. */
  readonly curve: Float64Array
  /** On the line: the minor mode, and the probabilities of the points at which maps are drawn, equally spaced. */
  readonly line: { readonly mode: Mode; readonly probabilities: Float64Array } | null
  /** Nodes an axis of the grids of fixed points; default theirs. */
  readonly nodes?: number
}

interface InContext {
  readonly context: TaskContext
  readonly intervals: number
}

/** What each kind of task takes and gives. */
export interface Tasks {
  fixedPoint: { task: InContext & { readonly entry: FixedPointEntry }; result: FixedPointResult }
  train: {
    task: InContext & { readonly metric: 'l2' | 'l1'; readonly training: Training }
    result: TrainedResult
  }
}

/** How far a map is from the true one. */
export interface MapResult {
  readonly relativeError: number
  readonly standardError: number
  readonly medianError: number
  /** The probability that the map sends to the minor mode; null in the plane. */
  readonly minorMass: number | null
}

interface FixedPointResult extends MapResult {
  readonly floor: LossFloor | null
  readonly values: Float64Array
  readonly curve: Float64Array
}

interface TrainedResult extends MapResult {
  readonly steps: number
  readonly finalLoss: number
  readonly seconds: number
  readonly values: Float64Array
  readonly curve: Float64Array
}

type Work<K extends keyof Tasks> = (
  problem: Problem,
  task: Tasks[K]['task'],
  onProgress: (progress: Progress) => void,
) => Promise<Tasks[K]['result']>

const work: { readonly [K in keyof Tasks]: Work<K> } = {
  fixedPoint: measureFixedPoint,
  train: measureTrained,
}

/** Does one task. Everything random comes from the seed, never from what ran before. */
export default taskWorker(
  <K extends keyof Tasks>(task: TaskOf<Tasks, K>, onProgress: (progress: Progress) => void) =>
    work[task.kind](parseProblem(task.context.specification), task, onProgress),
)

async function measureFixedPoint(
  { density, process }: Problem,
  { context, intervals, entry }: Tasks['fixedPoint']['task'],
): Promise<FixedPointResult> {
  const time = veTime(process, context.time)
  const method = fixedPointMethod(entry, intervals, context.nodes)
  const map: CtFixedPointMap = await method.solveVe(density, { time, seed: 0 })
  const floor =
    context.line && map.scatter && density.logDensity ? lossFloor(density, map, time, intervals) : null
  return { ...measure(map, density, time, context), floor }
}

async function measureTrained(
  problem: Problem,
  { context, intervals, metric, training }: Tasks['train']['task'],
  onProgress: (progress: Progress) => void,
): Promise<TrainedResult> {
  const { density, process } = problem
  const { model, finalLoss, curve, steps, seconds } = await trainModel(problem, {
    ...{ loss: 'ct', metric, intervals, width: 64, layers: 4, time: context.time, seed: context.seed },
    ...training,
    onProgress,
  })
  // the loss of single batches scatters: the mean of the last tenth of the training
  const last = curve.slice(-Math.max(1, Math.floor(curve.length / 10)))
  const loss = last.length > 0 ? last.reduce((sum, point) => sum + point.loss, 0) / last.length : finalLoss
  return {
    ...measure(await modelMap(model), density, veTime(process, context.time), context),
    steps,
    finalLoss: loss,
    seconds,
  }
}

function fixedPointMethod(entry: FixedPointEntry, intervals: number, nodes?: number): Method {
  const grid = nodes === undefined ? { intervals } : { intervals, nodes }
  switch (entry.loss) {
    case 'ct':
      return ctFixedPoint({ ...grid, metric: entry.metric })
    case 'cd':
      return cdFixedPoint({ intervals, solver: entry.solver })
    case 'modified':
      return modifiedEquation({ ...grid, shift: entry.shift })
  }
}

function measure(map: VeMap, density: Density, time: number, context: TaskContext) {
  const { sample, line, curve } = context
  const drawn = map.evaluate(time, curve)
  const values = map.evaluate(time, sample.positions.at(-1) as Float64Array)
  const statistics = errorStatistics(sample.x0, values, sample.weights, density.moments.trace, sample.labels)
  const { relativeError, standardError, medianError } = statistics
  return {
    relativeError,
    standardError,
    medianError,
    minorMass: line && massOf(line.mode, drawn, line.probabilities),
    values,
    curve: drawn,
  }
}
