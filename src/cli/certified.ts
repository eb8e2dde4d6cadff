import { type Certificate, certificate } from '../certificate/certificate.ts'
import { largestShape } from '../certificate/pareto.ts'
import type { VeMap } from '../consistency-function.ts'
import { ComputationError } from '../errors.ts'
import { timeInJson } from '../io/json.ts'
import { type CarriedSample, carriedSample } from '../metrics/carried-sample.ts'
import { type ErrorStatistics, errorStatistics } from '../metrics/error-statistics.ts'
import type { Density } from '../problem/density.ts'
import type { Problem } from '../problem/problem.ts'
import { processTime, veTime } from '../problem/process.ts'
import { Random } from '../random/random.ts'
import { version } from '../version.ts'
import { flowOf } from './against.ts'
import { hearSignals } from './hear-signals.ts'
import type { Io } from './io.ts'

export const SAMPLES = 16_384
export const QUICK_SAMPLES = 2048
export const INTERVALS = 64
// a network is no smoother than that at a reasonable cost
const NETWORK_RTOL = 1e-8

/** What fixes the trajectories of a certificate. */
export interface Sampling {
  readonly time: number
  readonly count: number
  readonly intervals: number
  readonly seed: number
}

/** The trajectories that `certify`, `points` and `score` share. */
export function certificateSample(problem: Problem, sampling: Sampling, plain = false): CarriedSample {
  const { density, process } = problem
  const { time, count, intervals, seed } = sampling
  const label = plain ? 'the plain sample of a certificate' : 'the sample of a certificate'
  return carriedSample(density, {
    ...{ time: veTime(process, time), count, intervals, plain, random: Random.stream(seed, label) },
    ...(density.kind === 'neural' && { rtol: NETWORK_RTOL }),
  })
}

/** What was found of a map on a sample. */
export interface Findings {
  readonly method: string
  readonly teacher: unknown
  readonly sample: CarriedSample
  readonly bound: Certificate
  readonly errors: ErrorStatistics
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
  return {
    estimate: bound.estimate,
    interval: bound.interval,
    bound: bound.bound,
    // JSON has no infinity
    paretoK: Number.isFinite(bound.paretoK) ? bound.paretoK : null,
    initialError: bound.initialError,
    derivativeError: bound.derivativeError,
    against: flowOf(problem),
    teacher: teacher ?? null,
    trueError: { value, interval: around(value, 1.96 * standardError) },
    effectiveSampleSize,
    worstShare,
    plain,
    byTime: bound.byTime.map((at) => ({
      time: timeInJson(processTime(problem.process, at.time, time)),
      residual: at.residual,
    })),
    ...{ method, time: timeInJson(time), samples: count, sampling: sample.kind, seconds, seed, version },
  }
}

/** The same in sentences. */
export function certifiedText(problem: Problem, sampling: Sampling, findings: Findings): string {
  const { against, trueError, teacher, plain, derivativeError } = certified(problem, sampling, findings)
  const { time, count } = sampling
  return (
    `${sentence(findings.bound, count, `the relative error at time ${time}, against ${against},`)}; ` +
    `on the same points it is ${show(trueError.value, trueError.interval)}.\n` +
    `${byDifferences(derivativeError)}${beside(plain)}${note(teacher, problem.density.kind)}`
  )
}

/** What the certificate says of an error. */
function sentence({ bound, estimate, interval, paretoK }: Certificate, count: number, error: string): string {
  if (bound) return `The certificate: ${error} is at most ${show(estimate, interval)}`
  return (
    `No bound: the residuals have so heavy a tail (Pareto k ${paretoK.toFixed(2)}, above ${largestShape(count).toFixed(2)}) that rare ` +
    `points may hold most of ${error} which the certificate puts at ${show(estimate, interval)}; try more samples`
  )
}

function byDifferences(error: number | null): string {
  if (error === null) return ''
  return `Its derivatives are differences; by their own estimate they put the certificate off by at most ${error.toPrecision(2)}.\n`
}

function note(teacher: unknown, kind: string): string {
  if (teacher === null || kind === 'neural') return ''
  return `The model was trained on the flow of the score network ${teacher}, whose own error is part of this.\n`
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
  await hearSignals(io.signal)
  const { estimate, interval } = certificate(map, problem.density, sample)
  const { relativeError: value, standardError, worstShare } = errorOn(map, problem.density, sample)
  return {
    estimate,
    interval,
    trueError: { value, interval: around(value, 1.96 * standardError) },
    worstShare,
  }
}

export function errorOn(
  map: VeMap,
  density: Density,
  { times, positions, x0, weights }: CarriedSample,
): ErrorStatistics {
  const last = times.length - 1
  return errorStatistics(x0, map.evaluate(times[last], positions[last]), weights, density.moments.trace)
}

function beside(plain: PlainEstimates | null): string {
  if (!plain) return ''
  const { estimate, interval, trueError, worstShare } = plain
  return (
    `By plain sampling, as many points: at most ${show(estimate, interval)}, and ${show(trueError.value, trueError.interval)}; ` +
    `there the worst 0.1 % of points hold ${Math.round(100 * worstShare)} % of the squared error.\n`
  )
}

function around(value: number, deviation: number): [number, number] {
  return [Math.max(0, value - deviation), value + deviation]
}

function show(value: number, [low, high]: readonly [number, number]): string {
  return `${value.toPrecision(3)} (95 % interval ${low.toPrecision(3)} to ${high.toPrecision(3)})`
}
