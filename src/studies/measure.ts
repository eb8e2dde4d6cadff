import type { Method } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import { exactMap } from '../exact/exact.ts'
import { carriedSample } from '../metrics/carried-sample.ts'
import { type ErrorStatistics, errorStatistics } from '../metrics/error-statistics.ts'
import type { Problem } from '../problem/problem.ts'
import { veTime } from '../problem/process.ts'
import { Random } from '../random/random.ts'
import { type SolveOptions, solve } from '../solve.ts'

/** What a method is worth at T, and what it took, construction included. */
export interface Measurement {
  readonly statistics: ErrorStatistics
  readonly options: Readonly<Record<string, unknown>>
  /** Evaluations of the score for each trajectory. */
  readonly evaluations: number
  /** CPU seconds for all trajectories, the fewest of the repeats. */
  readonly seconds: number
}

// by the number of repeats: what takes less is done again until so many CPU seconds are spent, so that it runs warm
const WARM = [0, 0.1, 0.3] as const

/**
 * Makes a consistency function and evaluates it at all points of the truth, `repeats` times, short ones more often. A method whose code has
 * not run yet should be measured once before, and the result thrown away: the first run pays for loading and compiling.
 */
export async function measure(
  problem: Problem,
  method: Method,
  truth: Truth,
  options: SolveOptions,
  repeats: number,
): Promise<Measurement> {
  const run = async () => {
    const map = await solve(problem, method, options)
    const f = map.ve.evaluate(truth.time, truth.x)
    // with the evaluations for f
    return { f, info: map.info }
  }
  const { value, seconds } = await fastest(run, repeats, WARM[Math.min(repeats, WARM.length) - 1])
  const { info, f } = value
  return {
    statistics: errorStatistics(truth.f, f, truth.weights, problem.density.moments.trace, truth.labels),
    options: info.options,
    evaluations: info.functionEvaluations / truth.weights.length,
    seconds,
  }
}

/**
 * Does the same again, at least `times` and until `enough` CPU seconds are spent: what takes milliseconds is otherwise mostly compilation.
 *
 * @returns what the last one gave, and the CPU seconds of the fastest
 */
export async function fastest<T>(
  run: () => Promise<T>,
  times: number,
  enough: number,
): Promise<{ readonly value: T; readonly seconds: number }> {
  const from = cpuSeconds()
  for (let seconds = Number.POSITIVE_INFINITY, done = 1; ; done++) {
    const start = cpuSeconds()
    const value = await run()
    seconds = Math.min(seconds, cpuSeconds() - start)
    if (done >= times && cpuSeconds() - from >= enough) return { value, seconds }
  }
}

/** CPU time of this process, or wall time where there is none, as in a browser. */
export function cpuSeconds(): number {
  const used = globalThis.process?.cpuUsage?.()
  return used ? (used.user + used.system) / 1e6 : performance.now() / 1000
}

/** Places at time T of the VE problem with f there. */
export interface Truth {
  readonly time: number
  /** n·d values */
  readonly x: Float64Array
  readonly f: Float64Array
  /** n weights of docs/mathematics.md §5 */
  readonly weights: Float64Array
  /** The part of the data that each place was drawn from. */
  readonly labels?: Int32Array
}

/**
 * Trajectories by importance sampling in data space (docs/mathematics.md §5): f at their ends by the exact map where there is one, and
 * otherwise where they started, to the 1e-12 they are carried with.
 *
 * @throws InputError for a drift that is not linear
 */
export function drawTruth(problem: Problem, time: number, trajectories: number, seed: number): Truth {
  if (problem.law) throw new InputError('the process', problem.process.kind, 'a process with a linear drift')
  const { density, process } = problem
  const ve = veTime(process, time)
  const random = Random.stream(seed, 'convergence')
  const sample = carriedSample(density, { time: ve, count: trajectories, intervals: 2, rtol: 1e-12, random })
  const x = sample.positions[sample.positions.length - 1]
  const { weights, labels } = sample
  return { time: ve, x, f: exactMap(density)?.(ve, x) ?? sample.x0, weights, ...(labels && { labels }) }
}
