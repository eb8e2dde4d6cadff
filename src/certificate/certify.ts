import { InputError } from '../errors.ts'
import { type AnyMap, checkMap, checkTo, isConsistencyFunction, valuesOf } from '../metrics/any-map.ts'
import { type CarriedSample, carriedSample } from '../metrics/carried-sample.ts'
import { checkSampling, type MeasureOptions, SAMPLE_LABEL } from '../metrics/measure-error.ts'
import type { Problem } from '../problem/problem.ts'
import { checkTime, ownPoints, processTime, vePoints, veTime } from '../problem/process.ts'
import { Random } from '../random/random.ts'
import { alongValues } from './along-values.ts'
import { type Certificate, certificate, certificateAlong } from './certificate.ts'

export interface CertifyOptions extends MeasureOptions {
  /** Intervals of time between `to` and T, even. Default 64. */
  readonly intervals?: number
}

export const INTERVALS = 64
/** Of two-time maps: the number of pairs grows with the square of that. */
export const PAIR_INTERVALS = 8
export const MOST_INTERVALS = 4096

/**
 * The certificate of f: a bound on its error at a time by its own residual r = ∂_t f + a·∇f on trajectories, and when the error arises
 * (docs/mathematics.md §5). Times are those of the problem's own process. Networks are differentiated exactly; of any other f the
 * derivatives along the trajectories are differences of its values, and `derivativeError` says how far they may be off.
 *
 * @param f what `solve` gives, or any function of t and points of shape [n, d]; it is asked for times from `to` to T
 * @throws InputError for a time outside the process, a drift that is not linear, or values of f that are no n points
 * @example
 * const { estimate, bound, reason } = await certify(f, problem, { time: 80 })
 * if (!bound) console.log(reason)
 */
export async function certify(f: AnyMap, problem: Problem, options: CertifyOptions): Promise<Certificate> {
  const { density, process, law } = problem
  checkMap(f, problem)
  const time = checkTime(problem, 'time', options.time, true)
  const to = checkTo(problem, time, options.to)
  const { samples: count, seed } = checkSampling(options)
  const { intervals = INTERVALS } = options
  if (
    !(Number.isSafeInteger(intervals) && intervals >= 2 && intervals <= MOST_INTERVALS && intervals % 2 === 0)
  )
    throw new InputError('intervals', intervals, `an even number from 2 to ${MOST_INTERVALS}`)
  if (law) throw new InputError('the process', process.kind, 'a process with a linear drift')
  if (density.moments.trace === 0) throw new InputError('the data', 'a single point', 'data that vary')
  if (isConsistencyFunction(f) && time > f.tRange[1])
    throw new InputError('time', time, `at most ${f.tRange[1]}, the largest time of f`)
  const last = veTime(process, time)
  const first = veTime(process, to)
  const carried = carriedSample(density, {
    ...{ time: last, count, intervals, graded: true, before: to > 0 ? [first] : [] },
    random: Random.stream(seed, SAMPLE_LABEL),
  })
  // 0 is put before the time that the map leads to
  const sample = to > 0 ? { ...carried, x0: carried.positions[1] } : carried
  const map = isConsistencyFunction(f) ? (to > 0 ? f.ve.to?.(first) : f.ve) : undefined
  const found = map?.jvp
    ? certificate(map, density, sample)
    : await byValues(f, problem, sample, { time, to })
  const own = (at: number) =>
    at === last ? time : to > 0 && at === first ? to : processTime(process, at, time)
  return {
    ...found,
    increments: found.increments.map((one) => ({ ...one, from: own(one.from), to: own(one.to) })),
    byTime: found.byTime.map((one) => ({ ...one, time: own(one.time) })),
  }
}

async function byValues(
  f: AnyMap,
  problem: Problem,
  sample: CarriedSample,
  { time, to }: { readonly time: number; readonly to: number },
): Promise<Certificate> {
  const { density, process } = problem
  const { times, positions } = sample
  const first = to > 0 ? 1 : 0
  const values: Float64Array[] = []
  for (let k = first; k < times.length; k++) {
    const inside = to > 0 && k === first ? to : processTime(process, times[k], time)
    const t = k === times.length - 1 ? time : inside
    const x = ownPoints(process, t, positions[k])
    values.push(vePoints(process, to, await valuesOf(f, problem, t, x, to)))
  }
  return certificateAlong(density, sample, alongValues(density, sample, first, values))
}
