import ndarray, { type NdArray } from 'ndarray'
import { rungeKutta } from './characteristics/index.ts'
import { ComputationError, InputError } from './errors.ts'
import { checkPoints, type PointsLike, points, rowMajor } from './points/points.ts'
import type { Problem } from './problem/problem.ts'
import { checkTime } from './problem/process.ts'
import { solve } from './solve.ts'

export interface TrajectoriesOptions {
  /** Times of the problem's own process, ascending or descending; the points are given at the first of them. */
  readonly times: ArrayLike<number>
  /** Relative tolerance of the solver. Default 1e-10. */
  readonly rtol?: number
}

export interface TrajectoriesResult {
  /** The K times. */
  readonly times: Float64Array
  /** Shape [K, n, d]: [k, i] is where trajectory i is at time number k. */
  readonly positions: NdArray<Float64Array>
}

/**
 * The trajectories of the probability-flow ODE through given points, at given times: what SciPy's `solve_ivp` gives for `t_eval`.
 *
 * @param X where the n trajectories are at the first of the times, shape [n, d]
 * @throws InputError for times outside the process or out of order, or points that do not fit the problem
 * @example
 * const { positions } = await trajectories(problem, [[60, 40], [-40, 0]], { times: [80, 10, 1, 0] })
 * positions.get(3, 0, 1) // the second coordinate of the first trajectory at time 0
 */
export async function trajectories(
  problem: Problem,
  X: PointsLike,
  { times: given, rtol = 1e-10 }: TrajectoriesOptions,
): Promise<TrajectoriesResult> {
  const { dimension } = problem
  const times = Float64Array.from(given ?? [])
  if (times.length === 0) throw new InputError('times', given, 'at least one time')
  const direction = Math.sign(times[times.length - 1] - times[0])
  times.forEach((t, k) => {
    checkTime(problem, `times[${k}]`, t)
    if (k > 0 && !(direction * (t - times[k - 1]) > 0))
      throw new InputError(`times[${k}]`, t, 'times that only grow or only shrink')
  })
  const start = checkPoints(X, dimension, 'X')
  const positions = new Float64Array(times.length * start.length)
  positions.set(start)
  if (times.length > 1) {
    const largest = Math.max(times[0], times[times.length - 1])
    const { flow } = await solve(problem, rungeKutta({ rtol }), { time: largest })
    if (!flow)
      throw new ComputationError('The trajectories of this problem cannot be followed between times.')
    let x = points(start, dimension)
    for (let k = 1; k < times.length; k++) {
      x = flow.evaluate(times[k - 1], times[k], x)
      positions.set(rowMajor(x), k * start.length)
    }
  }
  return { times, positions: ndarray(positions, [times.length, start.length / dimension, dimension]) }
}
