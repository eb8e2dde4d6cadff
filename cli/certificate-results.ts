import { type Certificate, certificate } from '../src/certificate/certificate.ts'
import type { VeMap } from '../src/consistency-function.ts'
import { ComputationError } from '../src/errors.ts'
import { timeInJson } from '../src/io/json.ts'
import type { CarriedSample } from '../src/metrics/carried-sample.ts'
import { type ErrorStatistics, errorStatistics } from '../src/metrics/error-statistics.ts'
import { worstRows } from '../src/metrics/trajectory-errors.ts'
import { unseenBy } from '../src/metrics/unseen.ts'
import type { Density } from '../src/problem/density.ts'
import type { Problem } from '../src/problem/problem.ts'
import { ownPoints, processTime, veTime } from '../src/problem/process.ts'
import { version } from '../src/version.ts'
import { yieldAndCheckAbort } from '../src/yield-and-check-abort.ts'
import { certificateSample, type Sampling } from './certificate-sample.ts'
import type { Io } from './io.ts'

/** What was found of a map on a sample. */
export interface Findings {
  readonly method: string
  readonly teacher: unknown
  readonly sample: CarriedSample
  readonly bound: Certificate
  readonly errors: ErrorStatistics
  /** n·d values of the map at T. */
  readonly values: Float64Array
  readonly plain: PlainEstimates | null
  readonly seconds: number
}

/** What `certify --json` and `score --json` print. */
export function certified(problem: Problem, sampling: Sampling, findings: Findings) {
  const { bound, errors, sample, plain, teacher, method, seconds } = findings
  const { time, count, seed } = sampling
  const { relativeError: value, standardError, effectiveSampleSize, worstShare } = errors
  if (!Number.isFinite(bound.estimate) || !Number.isFinite(value))
    throw new ComputationError(
      'The map or its derivative is not finite on some trajectory; try a later start, or look where the network overflows.',
    )
  const given = new Map(sampling.times?.map((t) => [veTime(problem.process, t), t]))
  const own = (at: number) => timeInJson(given.get(at) ?? processTime(problem.process, at, time))
  return {
    estimate: bound.estimate,
    interval: bound.interval,
    bound: bound.bound,
    reason: bound.reason,
    /** What the estimate is a sum of. */
    by: sampling.times ? ('increments' as const) : ('residual' as const),
    // JSON has no infinity
    paretoK: Number.isFinite(bound.paretoK) ? bound.paretoK : null,
    initialError: bound.initialError,
    derivativeError: bound.derivativeError,
    quadratureError: bound.quadratureError,
    incrementBound: bound.incrementBound,
    cancellation: bound.cancellation,
    against: flowOf(problem),
    teacher: teacher ?? null,
    trueError: { value, interval: around(value, 1.96 * standardError) },
    effectiveSampleSize,
    worstShare,
    worst: worstOf(problem, time, findings),
    unseen: unseenBy(problem.density, sample.weights.length, sample.kind),
    plain,
    increments: bound.increments.map((at) => ({ ...at, from: own(at.from), to: own(at.to) })),
    byTime: bound.byTime.map(({ time: at, residual, error }) => ({ time: own(at), residual, error })),
    ...{
      method,
      time: timeInJson(time),
      to: sampling.to ?? 0,
      samples: count,
      sampling: sample.kind,
      seconds,
      seed,
      version,
    },
  }
}

/** The trajectories that hold most of the squared error, with where they are at T. */
function worstOf(problem: Problem, time: number, { sample, values }: Findings) {
  const { positions, x0, weights } = sample
  const { dimension: d, density, process } = problem
  const x = positions[positions.length - 1]
  return worstRows(values, x0, weights, density.moments.trace).map((one) => ({
    ...one,
    x: Array.from(ownPoints(process, time, x.slice(one.row * d, (one.row + 1) * d))),
  }))
}

/** What plain samples of p_T give, as many: rare points in the layers make it scatter far more than its intervals say. */
export interface PlainEstimates {
  readonly estimate: number
  readonly interval: readonly [number, number]
  readonly trueError: { readonly value: number; readonly interval: readonly [number, number] }
  readonly worstShare: number
}

export async function plainEstimates(
  map: VeMap,
  problem: Problem,
  sampling: Sampling,
  io: Io,
): Promise<PlainEstimates> {
  const sample = certificateSample(problem, sampling, true)
  await yieldAndCheckAbort(io.signal)
  const { estimate, interval } = certificate(map, problem.density, sample)
  const values = valuesAtEnd(map, sample)
  const { relativeError: value, standardError, worstShare } = errorOn(values, problem.density, sample)
  return {
    estimate,
    interval,
    trueError: { value, interval: around(value, 1.96 * standardError) },
    worstShare,
  }
}

/** n·d values of a map at the last time of a sample. */
export function valuesAtEnd(map: VeMap, { times, positions }: CarriedSample): Float64Array {
  const last = times.length - 1
  return map.evaluate(times[last], positions[last])
}

/** Statistics of a map's values at the last time of a sample. */
export function errorOn(
  values: Float64Array,
  { moments }: Density,
  { x0, weights, labels }: CarriedSample,
): ErrorStatistics {
  return errorStatistics(x0, values, weights, moments.trace, labels)
}

/** The flow that errors on a problem are measured against, in words. */
function flowOf({ specification: { data } }: Problem): string {
  if (data.kind === 'neural' && data.network !== undefined) {
    const { samples } = data
    const estimated = Array.isArray(samples) ? `of ${samples.length} samples` : 'as given'
    return `the flow of the network ${data.model ?? 'of the problem'} (mean and covariance ${estimated})`
  }
  if (data.kind === 'neural') return `the flow of the score network ${data.model ?? 'of the problem'}`
  if (data.kind === 'expression') return 'the flow of the score of the problem'
  return 'the true flow of the data'
}

function around(value: number, deviation: number): [number, number] {
  return [Math.max(0, value - deviation), value + deviation]
}
