import type { Progress } from '../progress.ts'

/** A task for a worker: plain data, with a name for its progress. */
export interface NamedTask<T> {
  readonly name: string
  readonly data: T
}

export interface PoolOptions {
  /** The source of the module that does the tasks, `new URL('./worker.ts', import.meta.url)`: its default export takes `WorkerCall` and returns the result. */
  readonly worker: URL
  readonly threads: number
  readonly onProgress?: (name: string, progress: Progress) => void
  readonly onDone?: (name: string) => void
  readonly signal?: AbortSignal
}

/** What a worker module's default export gets. */
export interface WorkerCall<T> {
  readonly data: T
  /** Progress goes here, where anybody listens. */
  readonly port: { postMessage(progress: Progress): void }
}

/** Worker threads that take calls one by one. */
export interface Pool {
  /** The result of a worker module's default export for this data, which must depend on nothing else. */
  run<R>(data: unknown, transfer?: readonly ArrayBuffer[]): Promise<R>
  /** Stops the threads. */
  close(): Promise<void>
}

/** Starts at most `threads` worker threads, as calls come in. They are stopped when the signal is aborted. */
export async function openPool({ worker, threads, signal }: PoolOptions): Promise<Pool> {
  const { Tinypool } = await import('tinypool')
  const pool = new Tinypool({ filename: workerModule(worker), minThreads: 0, maxThreads: threads })
  const stop = () => pool.destroy()
  signal?.addEventListener('abort', stop, { once: true })
  return {
    run: (data, transferList = []) => pool.run({ data }, { transferList: [...transferList] }),
    async close() {
      signal?.removeEventListener('abort', stop)
      await pool.destroy()
    },
  }
}

/**
 * Does tasks in worker threads, at most `threads` at a time, and returns their results in the order of the tasks.
 * A task must depend on its data alone, not on what its thread did before, so that results do not depend on the number
 * of threads.
 */
export async function runTasks<T, R>(tasks: readonly NamedTask<T>[], options: PoolOptions): Promise<R[]> {
  const { Tinypool } = await import('tinypool')
  const { MessageChannel } = await import('node:worker_threads')
  const pool = new Tinypool({
    filename: workerModule(options.worker),
    minThreads: 0,
    maxThreads: options.threads,
  })
  const stop = () => pool.destroy()
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    options.signal?.throwIfAborted()
    return await Promise.all(
      tasks.map(async ({ name, data }) => {
        const { port1, port2 } = new MessageChannel()
        port1.on('message', (progress: Progress) => options.onProgress?.(name, progress))
        port1.unref()
        try {
          const call = { data, port: port2 }
          const result: R = await pool.run(call, { transferList: [port2] })
          options.onDone?.(name)
          return result
        } finally {
          port1.close()
        }
      }),
    )
  } catch (error) {
    // a destroyed pool rejects its tasks with an error of its own
    options.signal?.throwIfAborted()
    throw error
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await pool.destroy()
  }
}

/**
 * The module of worker threads, which load compiled files: from the sources (in tests) the one under dist.
 *
 * @param worker the source beside the module that starts it: new URL('./worker.ts', import.meta.url)
 */
export function workerModule(worker: URL): string {
  const compiled = worker.href.replace(/\.ts$/, '.js')
  if (!import.meta.url.endsWith('.ts')) return compiled
  return compiled.replace(/^(.*)\/(src|solvers|experiments)\//, '$1/dist/$2/')
}
