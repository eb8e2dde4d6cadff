import { checkInteger, InputError } from '../../src/errors.ts'
import { type AnyMap, checkMap, valuesOf } from '../../src/metrics/any-map.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { SAMPLE_LABEL } from '../../src/metrics/measure-error.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { checkTime, ownPoints, processTime, veData, veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { type Diagnosis, diagnoseAlong, thinned } from './index.ts'

export interface DiagnoseOptions {
  /** T: a time of the problem's own process, above 0. */
  readonly time: number
  /** Trajectories that are drawn; some hundred of them are looked at. Default 2048. */
  readonly samples?: number
  /** Default 0. */
  readonly seed?: number
}

const SAMPLES = 2048
const INTERVALS = 64

/**
 * Which of the known causes the error of a map is most like: too few steps, the viscosity of consistency training, the median of a robust loss,
 * a wrong scale of time, a schedule shifted twice, rounding to 16 bits, the identity, a constant, or none (docs/guide/diagnose.md).
 *
 * @param f what `solve` gives, or any function of t and points of shape [n, d]; it is asked for times from 0 to T
 * @throws InputError for a time outside the process, a drift that is not linear, or values of f that are no n points
 * @example console.log((await diagnose(f, problem, { time: 80 })).sentence)
 */
export async function diagnose(f: AnyMap, problem: Problem, options: DiagnoseOptions): Promise<Diagnosis> {
  const { density, process, law } = problem
  checkMap(f, problem)
  const time = checkTime(problem, 'time', options.time, true)
  const count = checkInteger('samples', options.samples ?? SAMPLES, 2, 1e7)
  const seed = checkInteger('seed', options.seed ?? 0, -(2 ** 31), 2 ** 31 - 1)
  if (law) throw new InputError('the process', process.kind, 'a process with a linear drift')
  if (density.moments.trace === 0) throw new InputError('the data', 'a single point', 'data that vary')
  const drawn = carriedSample(density, {
    ...{ time: veTime(process, time), count, intervals: INTERVALS, graded: true },
    random: Random.stream(seed, SAMPLE_LABEL),
  })
  const { sample } = thinned(drawn, density)
  const values: Float64Array[] = []
  for (const [k, x] of sample.positions.entries()) {
    const t = k === sample.times.length - 1 ? time : processTime(process, sample.times[k], time)
    values.push(veData(process, await valuesOf(f, problem, t, ownPoints(process, t, x))))
  }
  return diagnoseAlong({ problem, time, sample, first: 0, valuesAt: (k) => values[k] })
}
