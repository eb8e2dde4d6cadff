import { type Certificate, certificate, firstTime } from '../src/certificate/certificate.ts'
import type { VeMap } from '../src/consistency-function.ts'
import { ComputationError } from '../src/errors.ts'
import { timeInJson } from '../src/io/json.ts'
import { type CarriedSample, carriedSample } from '../src/metrics/carried-sample.ts'
import { type ErrorStatistics, errorStatistics } from '../src/metrics/error-statistics.ts'
import { SAMPLE_LABEL } from '../src/metrics/measure-error.ts'
import { worstRows } from '../src/metrics/trajectory-errors.ts'
import { unseenBy } from '../src/metrics/unseen.ts'
import type { Density } from '../src/problem/density.ts'
import type { Problem } from '../src/problem/problem.ts'
import { ownPoints, processTime, veTime } from '../src/problem/process.ts'
import { Random } from '../src/random/random.ts'
import { version } from '../src/version.ts'
import { yieldAndCheckAbort } from '../src/yield-and-check-abort.ts'
import { flowOf } from './against.ts'
import type { Io } from './io.ts'

export const QUICK_SAMPLES = 2048

/** What fixes the trajectories of a certificate. */
export interface Sampling {
  readonly time: number
  readonly count: number
  readonly intervals: number
  /** Times of the problem's own process, ascending to `time`, in place of intervals. */
  readonly times?: readonly number[] | undefined
  /** The time that the map leads to, of the problem's own process; 0 unless given. */
  readonly to?: number | undefined
  /** Whether the map has two times, at all pairs of which it is asked. */
  readonly pairs?: boolean | undefined
  /** Where intervals begin, from `to` on. */
  readonly start?: number | undefined
  readonly seed: number
}

/** The trajectories that `certify`, `points` and `score` share. */
export function certificateSample(problem: Problem, sampling: Sampling, plain = false): CarriedSample {
  const { density, process } = problem
  const { time, count, intervals, seed, to = 0, start = 0 } = sampling
  const own = sampling.times && (to > 0 && to < sampling.times[0] ? [to, ...sampling.times] : sampling.times)
  const before = to > 0 ? [...new Set([to, Math.max(to, start)])].map((t) => veTime(process, t)) : []
  const label = plain ? 'the plain sample of a certificate' : SAMPLE_LABEL
  const sample = carriedSample(density, {
    ...{
      time: veTime(process, time),
      count,
      intervals,
      before,
      times: own && Float64Array.from(own, (t) => veTime(process, t)),
      plain,
      random: Random.stream(seed, label),
      graded: !sampling.pairs,
    },
  })
  // 0 is put before the time that the map leads to
  return to > 0 ? { ...sample, x0: sample.positions[1] } : sample
}

/** The first time of a sample at which a map is asked, by its number. */
export function firstOf(sample: CarriedSample, problem: Problem, sampling: Sampling): number {
  const { to = 0, start = 0, times } = sampling
  if (times) return sample.times.length - times.length
  if (to > 0) return start > to ? 2 : 1
  return firstTime(sample.times, veTime(problem.process, start))
}

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

/** The same in sentences: the error, when it arises, what bounds it. */
export function certifiedText(problem: Problem, sampling: Sampling, findings: Findings): string {
  const result = certified(problem, sampling, findings)
  const { against, trueError, teacher, plain, time, to, unseen } = result
  return (
    `The relative error at time ${time}${to > 0 ? ` of the map to time ${to}` : ''}, against ${against}, is ${show(trueError.value, trueError.interval)}.\n` +
    `${whenItArises(result)}${bounds(result)}${beside(plain)}${note(teacher, problem.density.kind)}${worstText(result)}${unseen.sentence}\n`
  )
}

type Result = ReturnType<typeof certified>

/** Rows of the table of increments. */
const ROWS = 8
/** Above, what bounds an error says next to nothing of it. */
const MOSTLY_CANCELLED = 10

/** The increments in a small table, several at a time. */
function whenItArises({ increments, initialError }: Result): string {
  const each = Math.ceil(increments.length / ROWS)
  const rows = Array.from({ length: Math.ceil(increments.length / each) }, (_, row) => {
    const part = increments.slice(row * each, (row + 1) * each)
    const size = part.reduce((sum, one) => sum + one.size, 0)
    return [part[0].from, part[part.length - 1].to, size, part[part.length - 1].error].map((value) =>
      Number(value).toPrecision(3),
    )
  })
  const head = ['from time', 'to', 'increments', 'error then']
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column].length)))
  const lines = [head, ...rows].map(
    (row) => `  ${row.map((cell, column) => cell.padStart(widths[column])).join('  ')}\n`,
  )
  const start = initialError > 0 ? `It is ${initialError.toPrecision(3)} where the map starts to be f. ` : ''
  return `${start}It arises by what f changes by along the trajectories, on which the true map is constant:\n${lines.join('')}`
}

/** What bounds the error, and how much of that cancels. */
function bounds(result: Result): string {
  const { incrementBound, cancellation, increments, estimate, interval, bound, reason, trueError } = result
  const times = cancellation === null ? '' : `, ${cancellation.toPrecision(3)} times the error`
  const sum = `The increments at ${increments.length + 1} times add up to ${incrementBound.toPrecision(3)}${times}: what is more cancels.\n`
  if (result.by === 'increments')
    return `${sum}At times of your own that sum is the bound (95 % interval ${interval.map((end) => end.toPrecision(3)).join(' to ')}): no residual is integrated between them.\n`
  const ratio = trueError.value > 0 ? `, ${(estimate / trueError.value).toPrecision(3)} times the error` : ''
  const integral = bound
    ? `The certificate, by the residual: the error is at most ${show(estimate, interval)}${ratio}.\n`
    : `No bound: ${reason}. Where it says anything, the certificate is ${show(estimate, interval)}.\n`
  const little =
    cancellation !== null && cancellation > MOSTLY_CANCELLED
      ? 'Nearly all of what f changes by cancels: neither sum says much of this network, the error does.\n'
      : ''
  return `${sum}${integral}${byDifferences(result.derivativeError)}${little}`
}

function byDifferences(error: number | null): string {
  if (error === null) return ''
  return `Its derivatives are differences; by their own estimate they put the certificate off by at most ${error.toPrecision(2)}.\n`
}

function note(teacher: unknown, kind: string): string {
  if (teacher === null || kind === 'neural') return ''
  return `The model was trained on the flow of the score network ${teacher}, whose own error is part of this.\n`
}

/** Coordinates of a point that are shown. */
const SHOWN = 3

function worstText({ worst, time, trueError }: Result): string {
  if (trueError.value === 0) return ''
  const [{ row, x, error }] = worst
  const share = worst.reduce((sum, one) => sum + one.share, 0)
  const place = x.slice(0, SHOWN).map((value) => value.toPrecision(3))
  if (x.length > SHOWN) place.push('…')
  return `The ${worst.length} worst of the trajectories hold ${(100 * share).toPrecision(2)} % of the squared error; the worst is row ${row} (${error.toPrecision(3)}), from (${place.join(', ')}) at time ${time}.\n`
}

/** What plain samples of p_T give, as many: rare points in the layers make it scatter far more than its intervals say. */
interface PlainEstimates {
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
