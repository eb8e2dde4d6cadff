import type { WorkerCall } from '../../src/parallel/pool.ts'
import { doRun } from './do-run.ts'
import type { SweepRun } from './runs.ts'

/** The module that worker threads load: does one run and writes its file. */
export default async function work({
  data: { run, folder },
  port,
}: WorkerCall<{ run: SweepRun; folder: string }>): Promise<string> {
  await doRun(run, folder, (progress) => port.postMessage(progress))
  return run.name
}
