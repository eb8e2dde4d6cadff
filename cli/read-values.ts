import type { Option } from 'commander'
import { trajectoryPoints } from '../src/certificate/trajectory-points.ts'
import type { CarriedSample } from '../src/metrics/carried-sample.ts'
import type { Problem } from '../src/problem/problem.ts'
import { veData, vePoints } from '../src/problem/process.ts'
import { yieldAndCheckAbort } from '../src/yield-and-check-abort.ts'
import type { Sampling } from './certificate-sample.ts'
import type { Io } from './io.ts'
import { choiceOption, textOption } from './options.ts'
import { sampled } from './sampling-options.ts'
import { checkSamePoints, mapsOf, readRows, type ScoreOptions } from './score-pairs.ts'

export function valuesOption(): Option {
  return textOption('--values <file>', 'f(t, x), a row for each row of the points (.npy, .json or .csv)')
}

export function valuesAreOption(): Option {
  return choiceOption(
    '--values-are <what>',
    'f(t, x), or the average velocity from u to t, u = 0 unless given (default map)',
    ['map', 'average-velocity'],
  )
}

/** Values of a map on the trajectories that the options describe. */
interface ReadValues {
  readonly problem: Problem
  readonly sampling: Sampling
  readonly sample: CarriedSample
  /** The first time of the sample at which they are known. */
  readonly first: number
  readonly rows: number
  /** n·d of the VE problem at each time from `first` on. */
  readonly values: readonly Float64Array[]
  readonly valuesAre: NonNullable<ScoreOptions['valuesAre']>
}

/** @throws InputError for files of other shapes, or points that are not those of the options */
export async function readValues(options: ScoreOptions, io: Io): Promise<ReadValues> {
  const { to = 0, valuesAre = 'map' } = options
  const { problem, sampling, sample, first } = await sampled(options)
  await yieldAndCheckAbort(io.signal)
  const { dimension, process } = problem
  const rows = (sample.times.length - first) * sampling.count
  const { points } = trajectoryPoints(problem, sample, first, sampling.time, false, sampling.times)
  if (options.points !== undefined) await checkSamePoints(options.points, points, dimension + 1)
  const read = await readRows(options.values, rows, dimension)
  if (valuesAre === 'average-velocity') mapsOf(read, points, dimension, to)
  const own = to > 0 ? vePoints(process, to, read) : veData(process, read)
  return {
    problem,
    sampling,
    sample,
    first,
    rows,
    values: byTime(own, sampling.count * dimension),
    valuesAre,
  }
}

/** The part of each time. */
export function byTime(values: Float64Array, length: number): Float64Array[] {
  return Array.from({ length: values.length / length }, (_, k) =>
    values.subarray(k * length, (k + 1) * length),
  )
}
