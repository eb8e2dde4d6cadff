import { forwardMap } from '../../solvers/grid/index.ts'
import { UnfinishedError } from '../../src/attempt.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { ConsistencyFunction, Method } from '../../src/consistency-function.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { ComputationError, InputError } from '../../src/errors.ts'
import { exact } from '../../src/exact/exact.ts'
import { type Points, points } from '../../src/points/points.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import type { Drawn } from './draw.ts'

export type Verdict = 'agrees' | 'refused' | 'warned' | 'disagrees' | 'crashed' | 'unfinished'

export interface Comparison {
  readonly method: string
  readonly verdict: Verdict
  /** The largest difference from characteristics, in terms of what may be; null where there is none. */
  readonly excess: number | null
  /** The sentence of a refusal or a warning, or what was thrown. */
  readonly message?: string
}

export const METHODS = ['exact', 'grid'] as const
const COUNT = 12
// of a place, to see how far f moves with it
const NUDGE = 1e-9
// of a place that characteristics at their tightest may be off
const REFERENCE = 3e-11
// what the grids aim at as part of the data's scale, on the line, in the plane and beyond, for a sample this small
const GRID = [1e-6, 1e-3, 1e-2]
const EXACT = 1e-9
// of p_t where it is computed on a grid
const ON_GRID = 1e-4

/**
 * `exact` and the forward-map grid on one problem against characteristics at rtol 1e-12, at points of p_T. A difference may be what the method aims
 * at, and what a place that is off by rounding or the reference's tolerance does to f there.
 */
export async function compareMethods({ specification, time }: Drawn, seed: number): Promise<Comparison[]> {
  const methods = { exact: exact(), grid: forwardMap() } satisfies Record<(typeof METHODS)[number], Method>
  const all = (result: Omit<Comparison, 'method'>) => METHODS.map((method) => ({ method, ...result }))
  let problem: Problem
  let reference: ConsistencyFunction
  let X: Points
  try {
    problem = parseProblem(specification)
    X = places(problem, time, Random.stream(seed, 'places of a comparison'))
    reference = await solve(problem, rungeKutta({ rtol: 1e-12, atol: 1e-14, maxSteps: 20_000 }), { time })
  } catch (error) {
    return all(refusal(error))
  }
  const { dimension: d } = problem
  const { scale } = problem.density.moments
  const x = X.data as Float64Array
  let wanted: Float64Array
  let moved: Float64Array
  const nudge = x.map((value) => NUDGE * (Math.abs(value) + scale))
  try {
    wanted = reference.evaluate(time, X).data as Float64Array
    moved = reference.evaluate(
      time,
      points(
        x.map((value, i) => value + nudge[i]),
        d,
      ),
    ).data as Float64Array
  } catch (error) {
    return all(refusal(error))
  }
  const results: Comparison[] = []
  for (const [name, method] of Object.entries(methods)) {
    const aim = problem.law ? ON_GRID : name === 'exact' ? EXACT : GRID[Math.min(d, GRID.length) - 1]
    const allowed = wanted.map(
      (value, i) => aim * scale + (Math.abs(moved[i] - value) / NUDGE) * REFERENCE + 1e-13 * Math.abs(value),
    )
    results.push({ method: name, ...(await one(problem, method, time, X, wanted, allowed)) })
  }
  return results
}

async function one(
  problem: Problem,
  method: Method,
  time: number,
  X: Points,
  wanted: Float64Array,
  allowed: Float64Array,
): Promise<Omit<Comparison, 'method'>> {
  try {
    const f = await solve(problem, method, { time })
    const found = f.evaluate(time, X).data
    let excess = 0
    wanted.forEach((value, i) => {
      const own = Math.abs(found[i] - value) / allowed[i]
      // not >: NaN is the worst
      if (!(own <= excess)) excess = Number.isNaN(own) ? Infinity : own
    })
    const message = f.ve.warnings?.[0]
    if (excess <= 1) return { verdict: 'agrees', excess }
    return message ? { verdict: 'warned', excess, message } : { verdict: 'disagrees', excess }
  } catch (error) {
    return refusal(error)
  }
}

function refusal(error: unknown): Omit<Comparison, 'method'> {
  const message = error instanceof Error ? error.message : String(error)
  const meant =
    error instanceof InputError || error instanceof ComputationError || error instanceof UnfinishedError
  return { verdict: meant ? 'refused' : 'crashed', excess: null, message }
}

/** Points of p_T, or of the data where p_T cannot be drawn from. */
function places(problem: Problem, time: number, random: Random): Points {
  const { density, law, dimension } = problem
  if (law && density.sample) return points(density.sample(COUNT, random), dimension)
  return sampleNoised(problem, time, COUNT, random)
}
