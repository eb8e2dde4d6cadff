import { passedOver } from '../../src/characteristics/probability-flow.ts'
import { ComputationError, checkInteger, checkNumber, InputError } from '../../src/errors.ts'
import { checkPoints, type Points, type PointsLike, points } from '../../src/points/points.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import { inside } from '../../src/problem/inside.ts'
import { ownScore } from '../../src/problem/own-score.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { checkTime, isNoise, ownData, veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { warn } from '../../src/warning.ts'
import { Brownian } from './brownian.ts'
import type { Sde } from './schemes.ts'
import { type SdeSchemeName, sdeSchemes } from './schemes.ts'

export interface SdeOptions {
  /**
   * The later end of the paths, a finite time of the problem's own process. Where α is 0 there, X is pure noise that is independent of all
   * before: the step to it, or from it, is that of the exact law.
   */
  readonly time: number
  /** The earlier end. Default 0. */
  readonly from?: number
  /** At least: where the coefficients of a custom process have jumps or pulses, more end there. */
  readonly steps: number
  /** Default sra1. */
  readonly scheme?: SdeSchemeName
  /** Default 0. */
  readonly seed?: number
  /** Where the paths start, shape [n, d]; or draw `count` starts from p_t. */
  readonly start?: PointsLike
  readonly count?: number
  /**
   * ρ of the times from + (time − from)(i/steps)^ρ. Default 3 for VE and EDM, whose noise grows with t, else 1.
   */
  readonly grading?: number
  /** Parts that every step's Brownian motion is put together from: steps · parts fixes the path, so that paths of different steps can be compared. Default 1. */
  readonly parts?: number
}

// paths of the forward SDE that stand for p_T take this many times the steps
const FINER = 4

/**
 * Paths of the forward SDE dX = b(t, X) dt + σ(t) dB (docs/mathematics.md §1.1, equation (1)), from `from` to `time`.
 * Without `start` they begin at samples of p_data.
 *
 * @returns X at `time`, shape [n, d]
 * @throws InputError for an option out of range; ComputationError for paths that leave the finite numbers
 * @example sde.forward(problem, { time: 1, steps: 100, count: 10_000 })
 */
export function forward(problem: Problem, options: SdeOptions): Points {
  const { process, density, dimension } = problem
  const run = check(problem, options)
  const random = Random.stream(run.seed, 'starts of forward paths')
  const x = run.start ?? draw()
  const step = { from: run.from, to: run.time }
  const clock = (t: number) => (run.jumps ? inside(t, step.from, step.to) : t)
  const sde: Sde = {
    drift: (t, y, out) => process.drift(clock(t), y, out),
    noise: (t) => process.diffusion(clock(t)),
  }
  integrate(sde, run.times, x, run, 'forward noise', (from, to) => Object.assign(step, { from, to }))
  if (run.noiseAt !== null) {
    const sigma = process.sigma(run.noiseAt)
    const last = Random.stream(run.seed, 'noise at the end of a process')
    for (let i = 0; i < x.length; i++) x[i] = sigma * last.normal()
  }
  return finite(x, dimension)

  function draw(): Float64Array {
    if (run.from > 0) throw new InputError('start', undefined, 'points where from is above 0')
    if (!density.sample) throw new InputError('the data', density.kind, 'data that can be sampled, or start')
    return ownData(process, density.sample(run.count, random))
  }
}

/**
 * Paths of the reverse SDE dX̄ = (−b(t, X̄) + σ(t)² s(t, X̄)) du + σ(t) dB̄, t = time − u (docs/mathematics.md §1.1, equation (2)), from
 * `time` back to `from`. Without `start` they begin at samples of p_time; for a drift that is not linear these are ends of
 * forward paths of 4 times the steps. From a time at which α is 0, where X says nothing of what comes, they go on from samples of p_t at the next.
 *
 * @returns X̄ at `from`, shape [n, d]
 * @throws InputError and ComputationError as `forward`
 * @example sde.reverse(problem, { time: 1, steps: 100, count: 10_000 })
 */
export function reverse(problem: Problem, options: SdeOptions): Points {
  const { process, law, dimension } = problem
  const run = check(problem, options)
  const { start: _, ...rest } = options
  const fresh = run.noiseAt !== null && run.start ? run.start.length / dimension : run.count
  const x =
    (run.noiseAt === null ? run.start : null) ??
    (law
      ? forward(problem, { ...rest, from: 0, steps: FINER * options.steps, parts: 1 }).data
      : sampleNoised(problem, run.time, fresh, Random.stream(run.seed, 'starts of reverse paths')).data)
  let score = new Float64Array(0)
  const step = { from: 0, to: run.time - run.from }
  const clock = (u: number) => {
    const t = Math.max(run.from, run.time - u)
    return run.jumps ? inside(t, run.time - step.to, run.time - step.from) : t
  }
  const sde: Sde = {
    drift(u, y, out) {
      const t = clock(u)
      if (score.length !== y.length) score = new Float64Array(y.length)
      ownScore(problem, t, y, score)
      process.drift(t, y, out)
      const square = process.diffusion(t) ** 2
      for (let i = 0; i < y.length; i++) out[i] = square * score[i] - out[i]
    },
    noise: (u) => process.diffusion(clock(u)),
  }
  const times = run.times.map((_, i, all) => run.time - all[all.length - 1 - i])
  integrate(sde, times, x, run, 'reverse noise', (from, to) => Object.assign(step, { from, to }))
  return finite(x, dimension)
}

interface Run {
  readonly from: number
  /** Where steps end: before the end of a process at which α is 0. */
  readonly time: number
  /** That end, where it is one. */
  readonly noiseAt: number | null
  readonly times: Float64Array
  /** Whether there are times among them where a coefficient may jump. */
  readonly jumps: boolean
  readonly scheme: SdeSchemeName
  readonly seed: number
  readonly parts: number
  readonly count: number
  readonly start: Float64Array | undefined
}

function check(problem: Problem, options: SdeOptions): Run {
  const time = checkTime(problem, 'time', options.time, true)
  if (time === Infinity) throw new InputError('time', time, 'a finite time for paths')
  const ends = isNoise(problem.process, time)
  const from = checkNumber('from', options.from ?? 0, 0, time)
  if (from === time) throw new InputError('from', from, `a time before ${time}`)
  const steps = checkInteger('steps', options.steps, ends ? 2 : 1, 1e7)
  const scheme = options.scheme ?? 'sra1'
  if (!Object.hasOwn(sdeSchemes, scheme))
    throw new InputError('scheme', scheme, `one of ${Object.keys(sdeSchemes).join(', ')}`)
  const { kind } = problem.process
  const grading = checkNumber(
    'grading',
    options.grading ?? (kind === 've' || kind === 'edm' ? 3 : 1),
    0.1,
    10,
  )
  const breaks = problem.process.breaks?.(time).filter((t) => t > from) ?? []
  const times = stepTimes(from, time, steps, grading, breaks)
  const { process, density, law } = problem
  const warning = law
    ? null
    : passedOver(
        density,
        (ends ? times.subarray(0, -1) : times).map((t) => veTime(process, t)),
        `${steps} steps of paths`,
      )
  if (warning !== null) warn(warning)
  return {
    from,
    time: ends ? times[times.length - 2] : time,
    noiseAt: ends ? time : null,
    scheme,
    times: ends ? times.subarray(0, -1) : times,
    jumps: breaks.length > 0,
    seed: checkInteger('seed', options.seed ?? 0, -(2 ** 31), 2 ** 31 - 1),
    parts: checkInteger('parts', options.parts ?? 1, 1, 1e7),
    count: options.start ? 0 : checkInteger('count', options.count, 1, 1e9),
    start: options.start && checkPoints(options.start, problem.dimension, 'start').slice(),
  }
}

/** The times of the steps: graded, and those that none should go across. */
function stepTimes(
  from: number,
  time: number,
  steps: number,
  grading: number,
  breaks: readonly number[],
): Float64Array {
  const graded = Float64Array.from({ length: steps + 1 }, (_, i) =>
    i === steps ? time : from + (time - from) * (i / steps) ** grading,
  )
  return breaks.length === 0 ? graded : Float64Array.from(new Set([...graded, ...breaks])).sort()
}

function integrate(
  sde: Sde,
  times: Float64Array,
  x: Float64Array,
  { scheme, seed, parts }: Run,
  label: string,
  enter: (from: number, to: number) => void,
) {
  const { step, stages } = sdeSchemes[scheme]
  const brownian = new Brownian(x.length, Random.stream(seed, label))
  const work = Array.from({ length: stages + 1 }, () => new Float64Array(x.length))
  for (let i = 0; i + 1 < times.length; i++) {
    const h = times[i + 1] - times[i]
    brownian.next(new Array<number>(parts).fill(h / parts))
    // where the whole span is a few roundings, steps may be of no length
    if (h === 0) continue
    enter(times[i], times[i + 1])
    step(sde, times[i], h, x, brownian, work)
  }
}

function finite(x: Float64Array, dimension: number): Points {
  const bad = x.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0)
    throw new ComputationError(
      `Path ${Math.floor(bad / dimension) + 1} left the finite numbers; try more steps.`,
    )
  return points(x, dimension)
}
