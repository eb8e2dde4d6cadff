import type { WorkerCall } from '../../src/parallel/pool.ts'
import { parseProblem } from '../../src/problem/create.ts'
import { type Repetition, repeat, type Task } from './tasks.ts'

/** The module that worker threads load: does one repetition. */
export default function work({ data }: WorkerCall<Task>): Promise<Repetition> {
  return repeat(parseProblem(data.problem.specification), data)
}
