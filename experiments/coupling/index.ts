import { componentsOf } from '../../solvers/fixed-points/gaussian-components.ts'
import { MOST_DEVIATIONS } from '../../solvers/fixed-points/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { normalCdf } from '../../src/exact/normal.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { effectiveSampleSize } from '../../src/metrics/error-statistics.ts'
import type { Density } from '../../src/problem/density.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import type { ProblemRecord } from '../../src/specification/problem.ts'
import { version } from '../../src/version.ts'
import type { ExperimentRun } from '../experiment.ts'
import { inWorkers, type RunTask } from '../in-workers.ts'
import { type Drawing, lineDrawing, planeDrawing, probabilities } from './drawing.ts'
import type { LossFloor } from './floor.ts'
import { type JointLaw, jointLaw } from './joint.ts'
import { type Mode, minorMode } from './mode.ts'
import type { CouplingSettings } from './settings.ts'
import type { FixedPointEntry, MapResult, TaskContext, Tasks } from './tasks.ts'

/** Two modes of unequal mass, on which a median is far from a mean. */
export const defaultProblem = {
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.7, 0.3], means: [-0.6, 1.4], stds: [0.25, 0.25] },
} as const
export const DEFAULT_TIME = 10

interface CouplingOptions extends ExperimentRun<CouplingSettings> {
  /** A problem in 1-D or 2-D whose data is made of Gaussians; default `defaultProblem`. */
  readonly problem?: Problem
  readonly time?: number
}

/** The fixed point of one loss for one N. */
export interface FixedPointRow extends MapResult {
  readonly method: string
  readonly intervals: number
  readonly floor: LossFloor | null
  /** Of the modified equation: √(E|f − fixed point of ct l2|²) for the same N, relative like every error. */
  readonly distanceToFixedPoint: number | null
}

/** A network trained with the loss of a fixed point. */
export interface TrainedRow extends MapResult {
  readonly method: string
  readonly intervals: number
  readonly steps: number
  readonly seconds: number
  /** The mean loss over the last tenth of the training, and the floor by theory. */
  readonly loss: number
  readonly floor: number | null
  /** The relative error that the fixed point predicts, and the error over it. */
  readonly predictedError: number
  readonly ratio: number
  /** √(E|f̂ − fixed point|²), relative like every error. */
  readonly distanceToFixedPoint: number
}

/** What `coupling` writes to results.json. */
export interface CouplingResults {
  readonly problem: ProblemRecord
  readonly time: number
  readonly seed: number
  readonly version: string
  readonly trajectories: number
  readonly effectiveSampleSize: number
  /** On the line; null in the plane, as the joint law. */
  readonly minorMass: number | null
  readonly joint: {
    readonly late: number
    readonly early: number
    readonly pairs: number
    readonly meanInErrors: number
    readonly varianceRatio: number
  } | null
  readonly fixedPoints: readonly FixedPointRow[]
  readonly trained: readonly TrainedRow[]
}

/** Results and what the figures are drawn from. */
export interface CouplingStudy {
  readonly results: CouplingResults
  readonly angle: number
  readonly joint: JointLaw | null
  /** Where maps are drawn, and the exact map there where it is known. */
  readonly drawing: Drawing
  readonly curves: readonly {
    readonly method: string
    readonly intervals: number
    readonly y: Float64Array
  }[]
}

const ENTRIES: readonly FixedPointEntry[] = [
  { loss: 'ct', metric: 'l2' },
  { loss: 'ct', metric: 'l1' },
  { loss: 'ct', metric: 'pseudo-huber' },
  { loss: 'cd', solver: 'euler' },
  { loss: 'cd', solver: 'heun' },
  { loss: 'modified', shift: false },
  { loss: 'modified', shift: true },
]
const TASKS = new URL('./tasks.ts', import.meta.url)
const JOINT_INTERVALS = 16

/**
 * How wrong is the coupling of consistency training? Exact fixed points of consistency training and distillation for many N,
 * the joint law that makes the difference, the floor of the loss, and trained networks beside their fixed points
 * (docs/mathematics.md §4). In the plane the fixed points with the squared norm and networks alone. Runs in worker threads; the
 * results do not depend on how many.
 *
 * @throws InputError unless the problem is in 1-D or 2-D and its data made of Gaussians
 */
export async function coupling(options: CouplingOptions): Promise<CouplingStudy> {
  const { seed, settings } = options
  const problem = options.problem ?? createProblem(defaultProblem)
  const { density, process, specification } = problem
  const { dimension } = density
  if (dimension > 2) throw new InputError('the dimension', dimension, '1 or 2')
  const time = options.time ?? Math.min(DEFAULT_TIME, process.maximumTime)
  const ve = veTime(process, time)
  const mode = dimension === 1 ? minorMode(density) : null
  const sample = carriedSample(density, {
    time: ve,
    count: settings.trajectories,
    intervals: 2,
    random: Random.stream(seed, 'coupling'),
  })
  const { scale, trace } = density.moments
  const angle = Math.atan2(ve, scale)
  const drawing = await (mode ? lineDrawing(density, ve) : planeDrawing(problem, ve, settings.plane.cells))
  const context: TaskContext = {
    ...{ specification, time, seed, sample, curve: drawing.x },
    ...(mode ? { line: { mode, probabilities: probabilities(density, ve, drawing.x) } } : { line: null }),
    ...(!mode && { nodes: settings.plane.nodes }),
  }
  const { intervals: all, training, trained: networksAt } = mode ? settings : settings.plane

  const points = all.flatMap((intervals) =>
    ENTRIES.filter(
      (entry) =>
        (mode !== null || entry.loss !== 'ct' || entry.metric === 'l2') &&
        (name(entry) !== 'ct pseudo-huber' || intervals <= settings.mostHuber) &&
        (entry.loss !== 'modified' || (intervals <= settings.mostModified && ve <= MOST_DEVIATIONS * scale)),
    ).map((entry) => ({ entry, intervals })),
  )
  const trainings = [
    ...networksAt.map((intervals) => ({ metric: 'l2' as const, intervals })),
    ...(mode === null || settings.trainedNorm === null
      ? []
      : [{ metric: 'l1' as const, intervals: settings.trainedNorm }]),
  ]
  const { networks, found } = await inWorkers(TASKS, options, async (run: RunTask<Tasks>) => {
    const train = ({ metric, intervals }: (typeof trainings)[number]) =>
      run(`training ct ${metric}, N = ${intervals}`, { kind: 'train', context, intervals, metric, training })
    const fixedPoint = ({ entry, intervals }: (typeof points)[number]) =>
      run(`${name(entry)}, N = ${intervals}`, { kind: 'fixedPoint', context, intervals, entry })
    const [networks, found] = await Promise.all([
      Promise.all(trainings.map(train)),
      // the dearest first
      Promise.all([...points].reverse().map(fixedPoint)),
    ])
    return { networks, found: found.reverse() }
  })

  const targetOf = (metric: string, intervals: number) =>
    found[points.findIndex((point) => name(point.entry) === `ct ${metric}` && point.intervals === intervals)]
  const distance = (a: Float64Array, b: Float64Array) => {
    let [square, total] = [0, 0]
    sample.weights.forEach((weight, k) => {
      for (let i = k * dimension; i < (k + 1) * dimension; i++)
        square += (weight * (a[i] - b[i]) ** 2) / trace
      total += weight
    })
    return Math.sqrt(square / total)
  }
  const fixedPoints = points.map(({ entry, intervals }, i): FixedPointRow => {
    const { values, curve: _, ...numbers } = found[i]
    const distanceToFixedPoint =
      entry.loss === 'modified' ? distance(values, targetOf('l2', intervals).values) : null
    return { method: name(entry), intervals, ...numbers, distanceToFixedPoint }
  })
  const trained = trainings.map(({ metric, intervals }, i): TrainedRow => {
    const { values, curve: _, finalLoss, ...numbers } = networks[i]
    const target = targetOf(metric, intervals)
    return {
      method: `ct ${metric}`,
      intervals,
      ...numbers,
      loss: finalLoss,
      floor: target.floor?.exact ?? null,
      predictedError: target.relativeError,
      ratio: numbers.relativeError / target.relativeError,
      distanceToFixedPoint: distance(values, target.values),
    }
  })
  const joint = mode && pairsNear(density, angle, settings.pairs, seed)
  return {
    results: {
      problem: specification,
      time,
      seed,
      version,
      trajectories: settings.trajectories,
      effectiveSampleSize: effectiveSampleSize(sample.weights),
      minorMass: mode && massOfData(density, mode),
      joint: joint && {
        ...{ late: joint.late, early: joint.early, pairs: settings.pairs },
        ...{ meanInErrors: joint.meanInErrors, varianceRatio: joint.varianceRatio },
      },
      fixedPoints,
      trained,
    },
    angle,
    joint,
    drawing,
    curves: [
      ...points.map(({ entry, intervals }, i) => ({ method: name(entry), intervals, y: found[i].curve })),
      ...trainings.map(({ metric, intervals }, i) => ({
        method: `trained ct ${metric}`,
        intervals,
        y: networks[i].curve,
      })),
    ],
  }
}

/** Pairs of a training with N = 16, at the time nearest to the data scale. */
function pairsNear(density: Density, angle: number, count: number, seed: number): JointLaw {
  const nth = Math.round((JOINT_INTERVALS * Math.PI) / 4 / angle)
  const at = (n: number) => density.moments.scale * Math.tan((n * angle) / JOINT_INTERVALS)
  return jointLaw(density, at(nth), at(nth - 1), count, Random.stream(seed, 'pairs'))
}

/** The exact probability of the mode. */
function massOfData(density: Density, { low, high }: Mode): number {
  const { weights, means, covariances } = componentsOf(density)
  return weights.reduce((sum, weight, k) => {
    const below = (place: number) => normalCdf((place - means[k]) / Math.sqrt(covariances[k].values[0]))
    return sum + weight * (below(high) - below(low))
  }, 0)
}

/** "ct l2", "cd heun", "equation (7)" */
function name(entry: FixedPointEntry): string {
  if (entry.loss === 'modified') return entry.shift ? 'equation (7), shifted' : 'equation (7)'
  return `${entry.loss} ${entry.loss === 'ct' ? entry.metric : entry.solver}`
}
