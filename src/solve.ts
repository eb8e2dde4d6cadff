import type { ConsistencyFunction, Method, Progress } from './consistency-function.ts'
import { checkInteger, checkNumber } from './errors.ts'
import { checkPoints, points } from './points/points.ts'
import type { Problem } from './problem/problem.ts'
import { vePoints, veTime } from './problem/process.ts'
import { version } from './version.ts'

export interface SolveOptions {
  /** The largest time T of the problem's own process, above 0 and at most the process's maximum. */
  readonly time: number
  /** Default 0. */
  readonly seed?: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/**
 * The consistency function of a problem by a method. Linear processes are reduced to the VE process here, and
 * only here: f(t, x) = f_VE(σ(t)/α(t), x/α(t)) (docs/mathematics.md §1).
 *
 * @throws InputError for a time outside the process, or what the method cannot do
 * @example const f = await solve(problem, rungeKutta({ rtol: 1e-10 }), { time: 80 })
 */
export async function solve(
  problem: Problem,
  method: Method,
  options: SolveOptions,
): Promise<ConsistencyFunction> {
  const { process, density, dimension } = problem
  const time = checkNumber('time', options.time, 0, process.maximumTime, true)
  const seed = checkInteger('seed', options.seed ?? 0, -(2 ** 31), 2 ** 31 - 1)
  const start = performance.now()
  const ve = await method.solveVe(density, {
    time: veTime(process, time),
    seed,
    ...(options.onProgress && { onProgress: options.onProgress }),
    ...(options.signal && { signal: options.signal }),
  })
  const seconds = (performance.now() - start) / 1000
  return {
    dimension,
    tRange: [0, time],
    ve,
    get info() {
      return {
        method: method.name,
        options: { ...method.options, ...ve.options },
        seed: method.random ? seed : null,
        functionEvaluations: ve.functionEvaluations,
        seconds,
        version,
        target: method.target,
      }
    },
    evaluate(t, X) {
      checkNumber('t', t, 0, time)
      const x = checkPoints(X, dimension)
      if (t === 0) return points(x.slice(), dimension)
      return points(ve.evaluate(veTime(process, t), vePoints(process, t, x)), dimension)
    },
  }
}
