import type { ConsistencyFunction } from '../consistency-function.ts'
import type { WorkerCall } from '../parallel/pool.ts'
import { points } from '../points/points.ts'
import { solve } from '../solve.ts'
import { createMethod, type MethodOptions } from './method.ts'
import { evaluatePart, type PartResult } from './part.ts'
import { readProblem } from './read-problem.ts'

/** What makes f in any thread: nothing else may have a part in its values. */
export interface EvaluateTask {
  readonly problem: string
  readonly method: MethodOptions
  readonly time: number
  readonly seed: number
}

interface PartCall {
  readonly task: EvaluateTask
  readonly t: number
  readonly x: Float64Array
  readonly dimension: number
}

let made: { readonly task: string; readonly f: Promise<ConsistencyFunction> } | undefined

/** The module that worker threads load: f at a part of the points. f is made with the first. */
export default async function work({ data }: WorkerCall<PartCall>): Promise<PartResult> {
  const task = JSON.stringify(data.task)
  if (made?.task !== task) made = { task, f: make(data.task) }
  return evaluatePart(await made.f, data.t, points(data.x, data.dimension))
}

async function make({ problem, method, time, seed }: EvaluateTask): Promise<ConsistencyFunction> {
  return solve(await readProblem(problem), await createMethod(method, 1), { time, seed })
}
