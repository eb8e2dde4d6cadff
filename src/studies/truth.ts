import { InputError } from '../errors.ts'
import { exactMap } from '../exact/exact.ts'
import { carriedSample } from '../metrics/carried-sample.ts'
import type { Problem } from '../problem/problem.ts'
import { veTime } from '../problem/process.ts'
import { Random } from '../random/random.ts'

/** Places at time T of the VE problem with f there. */
export interface Truth {
  readonly time: number
  /** n·d values */
  readonly x: Float64Array
  readonly f: Float64Array
  /** n weights of docs/mathematics.md §5 */
  readonly weights: Float64Array
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
  return { time: ve, x, f: exactMap(density)?.(ve, x) ?? sample.x0, weights: sample.weights }
}
