import { runTasks } from '../../src/parallel/pool.ts'
import type { Progress } from '../../src/progress.ts'
import { TotalProgress } from '../compare/total-progress.ts'
import { readRun } from './files.ts'
import type { SweepRun } from './runs.ts'

export { collectSweep, writeSweep } from './collect.ts'
export { readSweep, type SweepRun, sweepRuns } from './runs.ts'
export { parseSweep, type SweepSpec, sweepSchema } from './specification.ts'

export interface SweepOptions {
  readonly folder: string
  readonly threads: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** What `sweep` did. */
export interface SweepReport {
  readonly done: readonly string[]
  readonly skipped: readonly string[]
}

/** Does the runs that have no result yet, in worker threads; the results do not depend on how many. */
export async function sweep(runs: readonly SweepRun[], options: SweepOptions): Promise<SweepReport> {
  const { folder, threads } = options
  const results = await Promise.all(runs.map((run) => readRun(folder, run)))
  const open = runs.filter((_, i) => results[i] === null)
  const progress = new TotalProgress(options.onProgress)
  progress.add(open.length)
  const done = await runTasks<{ run: SweepRun; folder: string }, string>(
    open.map((run) => ({ name: run.name, data: { run, folder } })),
    {
      worker: new URL('./worker.ts', import.meta.url),
      threads,
      onProgress: (name, part) => progress.update(name, part),
      onDone: (name) => progress.done(name),
      ...(options.signal && { signal: options.signal }),
    },
  )
  return { done, skipped: runs.filter((_, i) => results[i] !== null).map(({ name }) => name) }
}
