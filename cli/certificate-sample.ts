import { firstTime } from '../src/certificate/certificate.ts'
import { type CarriedSample, carriedSample } from '../src/metrics/carried-sample.ts'
import { SAMPLE_LABEL } from '../src/metrics/measure-error.ts'
import type { Problem } from '../src/problem/problem.ts'
import { veTime } from '../src/problem/process.ts'
import { Random } from '../src/random/random.ts'

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
