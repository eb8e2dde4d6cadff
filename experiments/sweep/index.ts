import { withFolderLock } from '../../src/io/folder-lock.ts'
import type { Progress } from '../../src/progress.ts'
import { inWorkers, type RunTask } from '../in-workers.ts'
import type { SweepTasks } from './do-run.ts'
import { modelPath, readRun } from './files.ts'
import type { SweepRun } from './runs.ts'

export { collectSweep, writeSweep } from './collect.ts'
export { readSweep, type SweepRun, sweepRuns } from './runs.ts'
export { parseSweep, type SweepSpec, sweepSchema } from './specification.ts'
export { modelPath, readRun }

const TASKS = new URL('./do-run.ts', import.meta.url)

interface SweepOptions {
  readonly folder: string
  readonly threads: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** What `sweep` did. */
interface SweepReport {
  readonly done: readonly string[]
  readonly skipped: readonly string[]
}

/**
 * Does the runs that have no result yet, in worker threads; the results do not depend on how many.
 *
 * @throws InputError when another sweep writes to the folder
 */
export async function sweep(runs: readonly SweepRun[], options: SweepOptions): Promise<SweepReport> {
  const { folder } = options
  return withFolderLock(folder, async () => {
    const results = await Promise.all(runs.map((run) => readRun(folder, run)))
    const open = runs.filter((_, i) => results[i] === null)
    const done = await inWorkers(TASKS, options, (give: RunTask<SweepTasks>) =>
      Promise.all(open.map((run) => give(run.name, { kind: 'run', run, folder }))),
    )
    return { done, skipped: runs.filter((_, i) => results[i] !== null).map(({ name }) => name) }
  })
}
