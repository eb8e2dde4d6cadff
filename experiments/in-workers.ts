import { openPool, type WorkerCall } from '../src/parallel/pool.ts'
import type { Progress } from '../src/progress.ts'
import type { ExperimentRun } from './experiment.ts'

/** What each kind of task takes and gives. */
type TaskTable<Tasks> = {
  readonly [K in keyof Tasks]: { readonly task: object; readonly result: unknown }
}

/** A task of one kind, as plain data. */
export type TaskOf<Tasks extends TaskTable<Tasks>, K extends keyof Tasks> = {
  readonly kind: K
} & Tasks[K]['task']

/** Gives a task, with a name for its progress, to a worker thread. */
export type RunTask<Tasks extends TaskTable<Tasks>> = <K extends keyof Tasks>(
  name: string,
  task: TaskOf<Tasks, K>,
) => Promise<Tasks[K]['result']>

/**
 * Has tasks done in worker threads, at most `threads` at a time, in the order in which they are given. A task must depend on its data
 * alone, not on what its thread did before, so that results do not depend on the number of threads.
 *
 * @param worker the module that does them, `new URL('./tasks.ts', import.meta.url)`: its default export is a `taskWorker`
 * @param use gives the tasks
 */
export async function inWorkers<Tasks extends TaskTable<Tasks>, R>(
  worker: URL,
  { threads, signal, ...run }: Pick<ExperimentRun<never>, 'threads' | 'signal' | 'onProgress'>,
  use: (runTask: RunTask<Tasks>) => Promise<R>,
): Promise<R> {
  signal?.throwIfAborted()
  const progress = new TotalProgress(run.onProgress)
  const pool = await openPool({ worker, threads, signal })
  try {
    return await use(async <K extends keyof Tasks>(name: string, task: TaskOf<Tasks, K>) => {
      progress.add(1)
      const result = await pool.run<Tasks[K]['result']>(task, [], (part) => progress.update(name, part))
      progress.done(name)
      return result
    })
  } catch (error) {
    // a pool that was stopped rejects its tasks with an error of its own
    signal?.throwIfAborted()
    throw error
  } finally {
    await pool.close()
  }
}

/** What a module of tasks exports for worker threads. */
export function taskWorker<Task, R>(run: (task: Task, onProgress: (progress: Progress) => void) => R) {
  return ({ data, port }: WorkerCall<Task>): R => run(data, (progress) => port.postMessage(progress))
}

const UNITS = 1000

/** The progress of many tasks as one. */
export class TotalProgress {
  readonly #listener: ((progress: Progress) => void) | undefined
  readonly #parts = new Map<string, number>()
  #tasks = 0

  constructor(listener: ((progress: Progress) => void) | undefined) {
    this.#listener = listener
  }

  /** More tasks to come. */
  add(count: number): void {
    this.#tasks += count
  }

  update(name: string, { done, total, label }: Progress): void {
    this.#parts.set(name, (UNITS * done) / total)
    this.#report(`${name}, ${label}`)
  }

  done(name: string): void {
    this.#parts.set(name, UNITS)
    this.#report(name)
  }

  #report(label: string): void {
    const done = Math.round([...this.#parts.values()].reduce((sum, part) => sum + part, 0))
    this.#listener?.({ done, total: this.#tasks * UNITS, label })
  }
}
