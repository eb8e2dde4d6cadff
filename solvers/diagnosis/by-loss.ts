import type { ModelDescription } from '../../src/nn/model.ts'
import { veTime } from '../../src/problem/process.ts'
import { componentsOf } from '../fixed-points/gaussian-components.ts'
import { ctFixedPoint } from '../fixed-points/index.ts'
import type { CauseName, Prediction } from './cause.ts'
import { medianFamilies, viscosityFamilies } from './coupling.ts'
import { explained, type Observed, sizeOf } from './observed.ts'
import { atTimes, distilledSteps } from './steps.ts'

/** How a network was trained. */
export type Training = Pick<ModelDescription, 'loss' | 'settings' | 'teacher' | 'time'>

/** The error of a trained map in two parts: what its loss is off by, and how far the network is from what the loss wants. */
export interface ErrorByLoss {
  /** Why the loss itself is off; null where it converges to the true map. */
  readonly cause: Extract<CauseName, 'steps' | 'viscosity' | 'median'> | null
  /** N of the loss. */
  readonly intervals: number
  /** √(E|p − f|² / tr Cov) of the fixed point p of the loss, at T. */
  readonly loss: number
  /** √(E|f̂ − p|² / tr Cov) */
  readonly fit: number
  /** Where p is only sampled: up to this, `fit` is not told apart from 0. */
  readonly resolution: number | null
  /** √(E|f̂ − f|² / tr Cov) on the same trajectories. */
  readonly error: number
  readonly trajectories: number
}

// with one sample of the noise in the target, the true map is the fixed point of the squared norm only
const TRUE_MAP = ['pinn', 'direct', 'lmd', 'scm', 'cd-jump']
const TRUE_MAP_ON_AVERAGE = ['scm-ct', 'lsd', 'psd', 'shortcut', 'meanflow']

// nodes an axis of the grid in the plane, right to 2e-4, and components times N that take some seconds on it; beyond, p is sampled
const NODES = 81
const MOST_ON_GRID = 400

/**
 * Divides the error of a trained map by the fixed point of its loss, what the loss converges to with unlimited data and network
 * (docs/mathematics.md §4), where that is known.
 *
 * @param observed the map at T, on some hundred trajectories (`thinned`)
 * @returns or why it is not divided
 */
export async function errorByLoss(training: Training, observed: Observed): Promise<ErrorByLoss | string> {
  const { loss, settings, teacher, time } = training
  const { problem, times, weights } = observed
  const last = times[times.length - 1]
  if (teacher) return `it was trained on the flow of ${teacher.name}, whose own error is a part too`
  const intervals = Number(settings.intervals)
  const found = {
    intervals,
    error: sizeOf(observed).last,
    trajectories: weights.length,
  }
  const squared = settings.metric === 'l2'
  if (
    TRUE_MAP.includes(loss) ||
    (TRUE_MAP_ON_AVERAGE.includes(loss) && squared) ||
    (loss === 'cd' && settings.solver === 'exact')
  )
    return { ...found, cause: null, loss: 0, fit: found.error, resolution: null }
  if (Math.abs(veTime(problem.process, time) - last) > 1e-12 * last)
    return `what ${loss} converges to is known at ${time}, the time that it was trained to`
  const made = await fixedPoint(training, intervals, observed)
  if (typeof made === 'string') return made
  const { values, variance } = made.prediction
  const { error, rest } = explained(observed, values, variance)
  const resolution = variance ? resolutionOf(observed, values, variance) : null
  return { ...found, cause: made.cause, loss: error, fit: rest, resolution }
}

/** √ of two standard errors of E|f̂ − p|² that sampling makes, each value of p being normal with its variance. */
function resolutionOf(
  { values, weights, problem }: Observed,
  predicted: readonly Float64Array[],
  variance: readonly Float64Array[],
): number {
  const { trace } = problem.density.moments
  const total = weights.reduce((sum, weight) => sum + weight, 0) * trace
  const last = values.length - 1
  let square = 0
  for (let i = 0; i < values[last].length; i++) {
    const [v, weight] = [variance[last][i], weights[Math.floor(i / problem.dimension)]]
    const distance = Math.max(0, (values[last][i] - predicted[last][i]) ** 2 - v)
    square += weight ** 2 * (2 * v ** 2 + 4 * v * distance)
  }
  return Math.sqrt((2 * Math.sqrt(square)) / total)
}

interface FixedPoint {
  readonly cause: NonNullable<ErrorByLoss['cause']>
  readonly prediction: Prediction
}

/** What `cd` and `ct` converge to, at the observed points. */
async function fixedPoint(
  { loss, settings }: Training,
  intervals: number,
  observed: Observed,
): Promise<FixedPoint | string> {
  const { problem, times } = observed
  const { metric, solver } = settings
  if (loss === 'cd' && (solver === 'euler' || solver === 'heun'))
    return { cause: 'steps', prediction: await distilledSteps(observed, solver, intervals) }
  if (loss !== 'ct') return `what ${loss} converges to is not computed`
  if (metric !== 'l2' && metric !== 'l1')
    return `what ct converges to with the metric ${metric} is not computed`
  const made = (metric === 'l2' ? viscosityFamilies : medianFamilies)(observed)
  if (typeof made === 'string') return made
  const { density, dimension } = problem
  if (
    metric === 'l2' &&
    dimension === 2 &&
    componentsOf(density).weights.length * intervals <= MOST_ON_GRID
  ) {
    const run = { time: times[times.length - 1], seed: 0 }
    const map = await ctFixedPoint({ intervals, nodes: NODES }).solveVe(density, run)
    return { cause: 'viscosity', prediction: atTimes(observed, map) }
  }
  const prediction = await made[0].predict(intervals)
  if (prediction === null) return 'its map does not exist at this time'
  return { cause: metric === 'l2' ? 'viscosity' : 'median', prediction }
}
