import type { Command, Option } from 'commander'
import { firstTime } from '../src/certificate/certificate.ts'
import { BadInput } from '../src/io/bad-input.ts'
import type { CarriedSample } from '../src/metrics/carried-sample.ts'
import { checkTime } from '../src/problem/check-time.ts'
import type { Problem } from '../src/problem/problem.ts'
import { veTime } from '../src/problem/process.ts'
import { certificateSample, INTERVALS, QUICK_SAMPLES, SAMPLES, type Sampling } from './certified.ts'
import { integerOption, numberOption, type SharedOptions, textOption, timeOption } from './options.ts'
import { readProblem } from './read-problem.ts'

/** The options that fix the points of a network's certificate: `points` and `score` must be given the same. */
export interface SamplingOptions extends SharedOptions {
  readonly problem: string
  readonly time: number
  readonly samples?: number
  readonly intervals?: number
  readonly start?: number
}

const MOST_SAMPLES = 1e6
const MOST_INTERVALS = 4096

export function addSamplingOptions(command: Command): Command {
  return command
    .addOption(textOption('--problem <file>', 'problem file (.json)'))
    .addOption(timeOption('--time <T>', 'time T'))
    .addOption(
      integerOption(
        '--samples <n>',
        `trajectories (default ${SAMPLES}; ${QUICK_SAMPLES} with --quick)`,
        2,
        MOST_SAMPLES,
      ),
    )
    .addOption(intervalsOption())
    .addOption(numberOption('--start <t>', 'the time from which the network is to be f (default 0)'))
}

export function intervalsOption(): Option {
  return integerOption(
    '--intervals <k>',
    `intervals of time, made even, at first (default ${INTERVALS})`,
    8,
    MOST_INTERVALS,
  )
}

export function intervalsOf({ intervals = INTERVALS }: Pick<SamplingOptions, 'intervals'>): number {
  return 2 * Math.ceil(intervals / 2)
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
  const sampling = {
    ...{ time, seed: options.seed },
    count: options.samples ?? (options.quick ? QUICK_SAMPLES : SAMPLES),
    intervals: intervalsOf(options),
  }
  const start = veTime(problem.process, checkTime(problem, '--start', options.start ?? 0))
  const sample = certificateSample(problem, sampling)
  return { problem, sampling, sample, first: firstTime(sample.times, start) }
}
