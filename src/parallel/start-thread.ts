import type { Worker } from 'node:worker_threads'
import { warn } from '../warning.ts'

/** A thread, or null where the system allows no more of them (such as `ulimit -u`). */
export function startThread(create: () => Worker): Worker | null {
  try {
    return create()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_INIT_FAILED') return null
    throw error
  }
}

/** Says that fewer threads do the work than were asked for. */
export function warnOfFewer(wanted: number, threads: number): void {
  if (threads < wanted)
    warn(
      `The system allows ${threads} of ${wanted} threads; the work goes on with ${threads === 1 ? 'one' : 'those'}, to the same results.`,
    )
}

/**
 * The module of worker threads, which load compiled files: from the sources (in tests) the one under dist.
 *
 * @param worker the source beside the module that starts it: new URL('./worker.ts', import.meta.url)
 */
export function workerModule(worker: URL): string {
  const compiled = worker.href.replace(/\.ts$/, '.js')
  if (!import.meta.url.endsWith('.ts')) return compiled
  return compiled.replace(/^(.*)\/(src|solvers|experiments|cli)\//, '$1/dist/$2/')
}
