import type { WorkerCall } from '../../src/parallel/pool.ts'
import { runTask, type Task } from './tasks.ts'

/** The module that worker threads load: does one task of the study. */
export default function work({ data, port }: WorkerCall<Task>): Promise<unknown> {
  return runTask(data, (progress) => port.postMessage(progress))
}
