import { createMethod, type MethodSpec } from '../solvers/method-specification.ts'
import type { ConsistencyFunction } from '../src/consistency-function.ts'
import { loadProblem } from '../src/create/load-problem.ts'
import type { WorkerCall } from '../src/parallel/pool.ts'
import { points } from '../src/points/points.ts'
import { solve } from '../src/solve.ts'
import type { ProblemRecord } from '../src/specification.ts'
import { evaluatePart, type PartResult } from './part.ts'

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
