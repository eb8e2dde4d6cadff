import type { WorkerCall } from '../../src/parallel/pool.ts'
import { runTask, type Task, type TrainedMass } from './tasks.ts'

/** The module that worker threads load: does one training. */
export default function work({ data, port }: WorkerCall<Task>): Promise<TrainedMass> {
  return runTask(data, (progress) => port.postMessage(progress))
}
