import { checkInteger, InputError } from '../errors.ts'
import { type AnyTwoTimeMap, checkMap, checkTo, pairValuesOf } from '../metrics/any-map.ts'
import { carriedSample } from '../metrics/carried-sample.ts'
import { checkSampling, type MeasureOptions, SAMPLE_LABEL } from '../metrics/measure-error.ts'
import type { Problem } from '../problem/problem.ts'
import { checkTime, ownPoints, vePoints, veTime } from '../problem/process.ts'
import { Random } from '../random/random.ts'
import { MOST_INTERVALS, PAIR_INTERVALS } from './certify.ts'
import { type PairError, pairErrors, pairNodes, pairsOf } from './pairs.ts'

export interface MeasurePairsOptions extends MeasureOptions {
  /** Intervals between `to` and `time`, even in θ; at their ends the map is asked. Default 8, which are 36 pairs. */
  readonly intervals?: number
}

/**
 * The errors of a two-time map f(t → u, x) from each time to each earlier one, √(E|f(t → u, X_t) − X_u|²) relative to the spread of X_u, over
 * trajectories of the probability-flow ODE (docs/mathematics.md §5): what `score --pairs` prints. Times are those of the problem's own process.
 *
 * @param f what `solve` gives with a `flow`, or any function of t, u < t and points of shape [n, d] at t
 * @returns a pair of times after another, by t and then by u, ascending
 * @throws InputError for times outside the process, a drift that is not linear, or values of f that are no n points
 * @example
 * const pairs = await measurePairs((t, u, X) => myFlowMap(t, u, X), problem, { time: 1, intervals: 4 })
 * for (const { from, to, error } of pairs) console.log(from, to, error)
 */
export async function measurePairs(
  f: AnyTwoTimeMap,
  problem: Problem,
  options: MeasurePairsOptions,
): Promise<readonly PairError[]> {
  const { density, process, law } = problem
  checkMap(f, problem)
  const time = checkTime(problem, 'time', options.time, true)
  const to = checkTo(problem, time, options.to)
  const { samples: count, seed } = checkSampling(options)
  const intervals = checkInteger('intervals', options.intervals ?? PAIR_INTERVALS, 1, MOST_INTERVALS)
  if (law) throw new InputError('the process', process.kind, 'a process with a linear drift')
  if (density.moments.trace === 0) throw new InputError('the data', 'a single point', 'data that vary')
  const carried = carriedSample(density, {
    ...{ time: veTime(process, time), count, intervals, before: to > 0 ? [veTime(process, to)] : [] },
    random: Random.stream(seed, SAMPLE_LABEL),
  })
  const sample = to > 0 ? { ...carried, x0: carried.positions[1] } : carried
  const nodes = pairNodes(problem, sample, { first: to > 0 ? 1 : 0, time, to })
  const values: Float64Array[] = []
  for (const [k, j] of pairsOf(nodes)) {
    const [t, u] = [nodes.times[k], nodes.times[j]]
    const x = ownPoints(process, t, nodes.positions[k])
    values.push(vePoints(process, u, await pairValuesOf(f, problem, t, u, x)))
  }
  return pairErrors(problem, nodes, sample, values)
}
