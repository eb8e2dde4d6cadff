import { rungeKutta } from '../characteristics/index.ts'
import { ComputationError, checkInteger, InputError } from '../errors.ts'
import { points, rowMajor } from '../points/points.ts'
import type { Problem } from '../problem/problem.ts'
import { checkTime, ownPoints, vePoints, veTime } from '../problem/process.ts'
import { Random } from '../random/random.ts'
import { solve } from '../solve.ts'
import { type AnyMap, checkMap, checkTo, valuesOf } from './any-map.ts'
import { type CarriedSample, carriedSample } from './carried-sample.ts'
import { type ErrorStatistics, errorStatistics } from './error-statistics.ts'
import { type Unseen, unseenBy } from './unseen.ts'

export interface MeasureOptions {
  /** Where the error is measured: a time of the problem's own process, above 0. */
  readonly time: number
  /** The time that f leads to, below `time`; default 0. Of a map that is x at a σ_min it is that time. */
  readonly to?: number
  /** Trajectories. Default 16,384. */
  readonly samples?: number
  /** Default 0. */
  readonly seed?: number
}

/** How far a map is from the true one at a time. */
export interface MeasuredError extends ErrorStatistics {
  readonly time: number
  readonly to: number
  readonly samples: number
  readonly seed: number
  /** How the trajectories were drawn: docs/mathematics.md §5. */
  readonly sampling: CarriedSample['kind']
  /** What the sample cannot tell of. */
  readonly unseen: Unseen
}

export const SAMPLES = 16_384
export const SAMPLE_LABEL = 'trajectories'
const RTOL = 1e-10

/**
 * The error of f at a time against the true map, ‖f(T, X_T) − X_0‖ relative to √(tr Cov(p_data)), or that of a map to another time u,
 * ‖f(T → u, X_T) − X_u‖/α(u), over trajectories that start in the data and are carried to T by the probability-flow ODE at rtol 1e-10, of a
 * learned score at 1e-8 (docs/mathematics.md §5). `certify` with the same seed uses the same ones.
 *
 * @param f what `solve` gives, or any function of t and points of shape [n, d]
 * @throws InputError for a time outside the process, or values of f that are no n points
 * @example
 * const { relativeError, standardError } = await measureError(f, problem, { time: 80 })
 * await measureError((t, X) => myNetwork(t, X), problem, { time: 80, samples: 4096, seed: 1 })
 * await measureError((t, X) => myFlowMap(t, 0.5, X), problem, { time: 80, to: 0.5 })
 */
export async function measureError(
  f: AnyMap,
  problem: Problem,
  options: MeasureOptions,
): Promise<MeasuredError> {
  checkMap(f, problem)
  const time = checkTime(problem, 'time', options.time, true)
  const to = checkTo(problem, time, options.to)
  const { samples, seed } = checkSampling(options)
  const truth = await drawTruthAt(problem, time, samples, seed, to)
  const { density } = problem
  return {
    ...errorOn(truth, await valuesOf(f, problem, time, truth.x, to), problem, to),
    ...{ time, to, samples, seed, sampling: truth.kind, unseen: unseenBy(density, samples, truth.kind) },
  }
}

/** The trajectories that errors at a time are measured on. */
export async function drawTruthAt(
  problem: Problem,
  time: number,
  samples: number,
  seed: number,
  to = 0,
): Promise<Truth> {
  return (problem.law ? ownTruth : veTruth)(problem, time, to, samples, Random.stream(seed, SAMPLE_LABEL))
}

/** The error of a map to time `to` with these values, of the problem's own process, at the ends of trajectories. */
export function errorOn(
  { x0, weights, labels }: Truth,
  values: Float64Array,
  { process, density, law }: Problem,
  to = 0,
): ErrorStatistics {
  const found = law ? values : vePoints(process, to, values)
  return errorStatistics(x0, found, weights, density.moments.trace, labels)
}

/** The number of trajectories and the seed, with their defaults. */
export function checkSampling({ samples, seed }: Pick<MeasureOptions, 'samples' | 'seed'>): {
  samples: number
  seed: number
} {
  return {
    samples: checkInteger('samples', samples ?? SAMPLES, 2, 1e7),
    seed: checkInteger('seed', seed ?? 0, -(2 ** 31), 2 ** 31 - 1),
  }
}

/** Trajectories from x0, data of the VE problem or its points at the time that maps lead to, to x, places of the problem's own process at a time. */
export type Truth = Pick<CarriedSample, 'x0' | 'weights' | 'kind' | 'labels'> & { readonly x: Float64Array }

async function veTruth(
  problem: Problem,
  time: number,
  to: number,
  count: number,
  random: Random,
): Promise<Truth> {
  const { density, process } = problem
  if (density.moments.trace === 0) throw new InputError('the data', 'a single point', 'data that vary')
  const before = to > 0 ? [veTime(process, to)] : []
  const sample = carriedSample(density, {
    ...{ time: veTime(process, time), count, intervals: 2, before, random },
  })
  const x0 = to > 0 ? sample.positions[1] : sample.x0
  return { ...sample, x0, x: ownPoints(process, time, sample.positions[sample.positions.length - 1]) }
}

/** Of a process that does not reduce to the VE process: from draws of the data, in its own time. */
async function ownTruth(
  problem: Problem,
  time: number,
  to: number,
  count: number,
  random: Random,
): Promise<Truth> {
  const { density, dimension } = problem
  if (!density.sample) throw new InputError('the data', density.kind, 'data that can be sampled')
  const data = density.sample(count, random)
  const { flow } = await solve(problem, rungeKutta({ rtol: RTOL }), { time })
  if (!flow) throw new ComputationError('The trajectories of this problem cannot be followed from the data.')
  const at = (t: number) => (t === 0 ? data : rowMajor(flow.evaluate(0, t, points(data, dimension))))
  const [x0, x] = [at(to), at(time)]
  return { x0, x, weights: new Float64Array(count).fill(1), kind: 'plain' }
}
