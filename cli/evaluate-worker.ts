import { createMethod, type MethodSpec } from '../solvers/method-specification.ts'
import type { ConsistencyFunction } from '../src/consistency-function.ts'
import { loadProblem } from '../src/create/read-problem.ts'
import type { WorkerCall } from '../src/parallel/pool.ts'
import { type Points, points, rowMajor } from '../src/points/points.ts'
import { solve } from '../src/solve.ts'
import type { ProblemRecord } from '../src/specification/problem.ts'

/** What makes f in any thread, as plain data: no file is read again. */
export interface EvaluateTask {
  readonly problem: ProblemRecord
  readonly method: MethodSpec
  readonly time: number
  readonly seed: number
}

interface PartCall {
  readonly t: number
  readonly x: Float64Array
  readonly dimension: number
}

let made: { readonly task: EvaluateTask; readonly f: Promise<ConsistencyFunction> } | undefined

/** The module that worker threads load: f at a part of the points. f is made with the first. */
export default async function work({
  data,
  shared: task,
}: WorkerCall<PartCall, EvaluateTask>): Promise<PartResult> {
  if (made?.task !== task) made = { task, f: make(task) }
  return evaluatePart(await made.f, data.t, points(data.x, data.dimension))
}

async function make({ problem, method, time, seed }: EvaluateTask): Promise<ConsistencyFunction> {
  return solve(await loadProblem(problem), await createMethod(method), { time, seed })
}

/** f at a part of the points, as plain data. */
export interface PartResult {
  readonly values: Float64Array
  readonly count: number
  /** Rows that were finished, and what happened to the first of the others. */
  readonly finished: number
  readonly message: string | null
  /** Evaluations of the score at one point. */
  readonly evaluations: number
}

export function evaluatePart(f: ConsistencyFunction, t: number, X: Points): PartResult {
  const before = f.ve.functionEvaluations
  const { values, finished, message } = f.attempt(t, X)
  return {
    values: rowMajor(values),
    count: X.shape[0],
    finished,
    message,
    evaluations: f.ve.functionEvaluations - before,
  }
}
