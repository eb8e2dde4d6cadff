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
