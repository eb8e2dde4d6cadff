import type { Method } from '../consistency-function.ts'
import { type ErrorStatistics, errorStatistics } from '../metrics/error-statistics.ts'
import type { Problem } from '../problem/problem.ts'
import { type SolveOptions, solve } from '../solve.ts'
import type { Truth } from './truth.ts'

/** What a method is worth at T, and what it took, construction included. */
export interface Measured {
  readonly statistics: ErrorStatistics
  readonly options: Readonly<Record<string, unknown>>
  /** Evaluations of the score for each trajectory. */
  readonly evaluations: number
  /** CPU seconds for all trajectories, the fewest of the repeats. */
  readonly seconds: number
}

// what takes less is done until so many CPU seconds are spent, so that it runs warm
const WARM = 0.05

/** Makes a consistency function and evaluates it at all points of the truth, `repeats` times; where that is more than one, short ones more often. */
export async function measure(
  problem: Problem,
  method: Method,
  truth: Truth,
  options: SolveOptions,
  repeats: number,
): Promise<Measured> {
  const run = async () => {
    const start = cpuSeconds()
    const map = await solve(problem, method, options)
    const f = map.ve.evaluate(truth.time, truth.x)
    return { info: map.info, f, seconds: cpuSeconds() - start }
  }
  const { info, f, seconds } = await run()
  let fewest = seconds
  let spent = seconds
  for (let i = 1; repeats > 1 && (i < repeats || (spent < WARM && i < 100)); i++) {
    const next = (await run()).seconds
    fewest = Math.min(fewest, next)
    spent += next
  }
  return {
    statistics: errorStatistics(truth.f, f, truth.weights, problem.density.moments.trace),
    options: info.options,
    evaluations: info.functionEvaluations / truth.weights.length,
    seconds: fewest,
  }
}

/** CPU time of this process, or the time of the clock where that is not told, as in a browser. */
export function cpuSeconds(): number {
  const used = globalThis.process?.cpuUsage?.()
  return used ? (used.user + used.system) / 1e6 : performance.now() / 1000
}
