import type { Command, Option } from 'commander'
import { INTERVALS, MOST_INTERVALS, PAIR_INTERVALS } from '../src/certificate/certify.ts'
import { readProblem } from '../src/create/read-problem.ts'
import { BadInput } from '../src/io/bad-input.ts'
import { readPoints } from '../src/io/points-files.ts'
import type { CarriedSample } from '../src/metrics/carried-sample.ts'
import { SAMPLES } from '../src/metrics/measure-error.ts'
import { rowMajor } from '../src/points/points.ts'
import type { Problem } from '../src/problem/problem.ts'
import { checkTime } from '../src/problem/process.ts'
import { certificateSample, firstOf, QUICK_SAMPLES, type Sampling } from './certificate-sample.ts'
import { integerOption, numberOption, type SharedOptions, textOption } from './options.ts'
import { problemOptions } from './problem-options.ts'

/** The options that fix the points of a network's certificate: `points` and `score` must be given the same. */
export interface SamplingOptions extends SharedOptions {
  readonly problem: string
  readonly time: number
  readonly samples?: number
  readonly intervals?: number
  readonly start?: number
  readonly to?: number
  readonly pairs?: boolean
  readonly times?: string
}

const MOST_SAMPLES = 1e6

export function addSamplingOptions(command: Command): Command {
  return addSamplingToZero(command)
    .addOption(toOption())
    .option('--pairs', 'two-time maps: rows t, u, x for f(t → u, x), at all pairs of the times')
}

/** Those of a map to time 0. */
export function addSamplingToZero(command: Command): Command {
  for (const option of certificateOptions()) command.addOption(option)
  return command
    .addOption(samplesOption(MOST_SAMPLES))
    .addOption(intervalsOption())
    .addOption(numberOption('--start <t>', 'the time from which the network is to be f (default 0)'))
    .addOption(
      textOption(
        '--times <file>',
        'times of your own, ascending to T, in place of --intervals and --start (.npy, .json or .csv)',
      ),
    )
}

/** --problem and --time of a certificate. */
export function certificateOptions(): Option[] {
  return problemOptions('problem file (.json)', 'time T')
}

export function samplesOption(most: number): Option {
  return integerOption(
    '--samples <n>',
    `trajectories (default ${SAMPLES}; ${QUICK_SAMPLES} with --quick)`,
    2,
    most,
  )
}

export function toOption(): Option {
  return numberOption(
    '--to <u>',
    'the time u that the map leads to, f(t → u, x): the σ_min of a model with f(σ_min, x) = x (default 0)',
  )
}

export function intervalsOption(): Option {
  return integerOption(
    '--intervals <k>',
    `intervals of time, made even, at first (default ${INTERVALS})`,
    8,
    MOST_INTERVALS,
  )
}

export function intervalsOf({
  pairs = false,
  intervals = pairs ? PAIR_INTERVALS : INTERVALS,
}: Pick<SamplingOptions, 'intervals' | 'pairs'>): number {
  return 2 * Math.ceil(intervals / 2)
}

/** `to` as it is given. @throws InputError unless it is below T */
export function checkTo(problem: Problem, time: number, to?: number): number | undefined {
  if (to === undefined) return undefined
  checkTime(problem, '--to', to)
  if (to < time) return to
  throw new BadInput('--to', `is ${to}`, `a time below ${time}, the --time`)
}

/** The trajectories that the options describe, with the first time at which the network is asked. */
export async function sampled(
  options: SamplingOptions,
): Promise<{ problem: Problem; sampling: Sampling; sample: CarriedSample; first: number }> {
  const problem = await readProblem(options.problem)
  const time = checkTime(problem, '--time', options.time, true)
  if (time === Infinity)
    throw new BadInput(
      '--time Infinity',
      'is no number for rows of t and x',
      'a finite time, or flowMatching, whose t = 1 is the same end',
    )
  const times = options.times === undefined ? undefined : await readTimes(options, problem, time)
  const to = checkTo(problem, time, options.to)
  const start = checkTime(problem, '--start', options.start ?? to ?? 0)
  if (to !== undefined && start < to) throw new BadInput('--start', `is ${start}`, `at least ${to}, the --to`)
  if (to !== undefined && times && times[0] < to)
    throw new BadInput(options.times ?? '', `begins at the time ${times[0]}`, `at least ${to}, the --to`)
  const sampling = {
    times,
    ...{ time, seed: options.seed, to, start, pairs: options.pairs },
    count: options.samples ?? (options.quick ? QUICK_SAMPLES : SAMPLES),
    intervals: intervalsOf(options),
  }
  if (options.pairs) checkPairs(times?.length ?? sampling.intervals + 1, sampling.count, problem.dimension)
  const sample = certificateSample(problem, sampling)
  return { problem, sampling, sample, first: firstOf(sample, problem, sampling) }
}

/** Values of all rows of pairs together. */
const MOST_VALUES = 2e8

/** @throws InputError where the rows of pairs are more than can be kept */
function checkPairs(times: number, count: number, dimension: number): void {
  const rows = (times * (times - 1) * count) / 2
  if (rows * (dimension + 2) > MOST_VALUES)
    throw new BadInput(
      '--pairs',
      `makes ${rows} rows of ${times} times`,
      'fewer --samples, or fewer times by --intervals or --times',
    )
}

const MOST_TIMES = 10_000

/** @throws InputError for times that do not ascend to T, or options that say other times */
async function readTimes(
  { times: file = '', start, intervals }: SamplingOptions,
  problem: Problem,
  last: number,
): Promise<number[]> {
  for (const [name, value] of Object.entries({ start, intervals }))
    if (value !== undefined)
      throw new BadInput(`--${name}`, 'is given together with --times', 'one of the two')
  const X = await readPoints(file)
  const times = Array.from(rowMajor(X))
  if (X.shape[1] !== 1) throw new BadInput(file, `has ${X.shape[1]} columns`, 'one, of times')
  if (times.length < 2 || times.length > MOST_TIMES)
    throw new BadInput(file, `has ${times.length} times`, `2 to ${MOST_TIMES}`)
  for (const [k, t] of times.entries()) {
    checkTime(problem, `${file}: time ${k + 1}`, t)
    if (k > 0 && t <= times[k - 1])
      throw new BadInput(file, `has the time ${t} after ${times[k - 1]}`, 'ascending times')
  }
  if (times[times.length - 1] !== last)
    throw new BadInput(file, `ends at the time ${times[times.length - 1]}`, `${last}, as --time says`)
  if (problem.density.atomic && times[0] === 0)
    throw new BadInput(file, 'begins at the time 0', 'a time above it for data of points')
  return times
}
