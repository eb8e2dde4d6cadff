import type { Worker } from 'node:worker_threads'
import { ComputationError, InputError } from '../errors.ts'
import type { Progress } from '../progress.ts'
import { warn } from '../warning.ts'

interface PoolOptions {
  /** The source of the module that does the tasks, `new URL('./worker.ts', import.meta.url)`: its default export takes `WorkerCall` and returns the result. */
  readonly worker: URL
  readonly threads: number
  /** Plain data that every call gets, sent to each thread once. */
  readonly shared?: unknown
  readonly signal?: AbortSignal
}

/** What a worker module's default export gets. */
export interface WorkerCall<T, S = undefined> {
  readonly data: T
  readonly shared: S
  /** Progress goes here, where anybody listens. */
  readonly port: { postMessage(progress: Progress): void }
}

export interface WorkerModule {
  readonly default: (call: WorkerCall<unknown, unknown>) => unknown
}

/** What a thread of a pool is started with. */
export interface PoolThreadData {
  readonly module: string
  readonly shared: unknown
}

/** One of the three. */
export interface Answer {
  readonly progress?: Progress
  readonly result?: unknown
  readonly error?: { readonly name: string; readonly message: string; readonly stack: string }
}

/** Worker threads that take calls one by one. */
export interface Pool {
  /** The result of a worker module's default export for this data, which must depend on nothing else. */
  run<R>(
    data: unknown,
    transfer?: readonly ArrayBuffer[],
    onProgress?: (progress: Progress) => void,
  ): Promise<R>
  /** Stops the threads. */
  close(): Promise<void>
}

interface Job {
  readonly data: unknown
  readonly transfer: readonly ArrayBuffer[]
  readonly onProgress: ((progress: Progress) => void) | undefined
  resolve(result: unknown): void
  reject(error: unknown): void
}

/**
 * Starts at most `threads` worker threads, as calls come in. Where the system allows fewer, those do all the work; where it allows
 * none, this thread does. They are stopped when the signal is aborted. Not a library's pool: those we know fail when a thread cannot
 * be started.
 */
export async function openPool({ worker, threads, shared, signal }: PoolOptions): Promise<Pool> {
  const { Worker } = await import('node:worker_threads')
  const data: PoolThreadData = { module: workerModule(worker), shared }
  const program = new URL(workerModule(new URL('./pool-thread.ts', import.meta.url)))
  const queue: Job[] = []
  const running = new Map<Worker, Job | null>()
  let most = threads
  let here = Promise.resolve()
  let closed = false

  function start(): Worker | null {
    if (running.size >= most) return null
    const thread = startThread(() => new Worker(program, { workerData: data }))
    if (thread === null) {
      most = running.size
      warnOfFewer(threads, Math.max(1, most))
      return null
    }
    running.set(thread, null)
    thread.on('message', ({ progress, result, error }: Answer) => {
      const job = running.get(thread)
      if (progress) return job?.onProgress?.(progress)
      running.set(thread, null)
      if (error) job?.reject(rebuilt(error))
      else job?.resolve(result)
      next()
    })
    const lost = (error: unknown) => {
      const job = running.get(thread)
      running.delete(thread)
      if (!closed) job?.reject(error)
      if (!closed) next()
    }
    thread.on('error', (error: NodeJS.ErrnoException) =>
      lost(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new ComputationError(OUT_OF_MEMORY) : error),
    )
    thread.on('exit', () => lost(new ComputationError('A worker thread ended before its work was done.')))
    return thread
  }

  async function runHere(job: Job): Promise<void> {
    try {
      const { default: work }: WorkerModule = await import(data.module)
      const port = { postMessage: (progress: Progress) => job.onProgress?.(progress) }
      job.resolve(await work({ data: job.data, shared, port }))
    } catch (error) {
      job.reject(error)
    }
  }

  function next(): void {
    while (queue.length > 0) {
      const thread = [...running].find(([, job]) => job === null)?.[0] ?? start()
      if (thread === null && running.size > 0) return
      const job = queue.shift() as Job
      if (thread === null) {
        here = here.then(() => (closed ? job.reject(STOPPED) : runHere(job)))
        continue
      }
      running.set(thread, job)
      thread.postMessage(job.data, [...job.transfer])
    }
  }

  async function close(): Promise<void> {
    closed = true
    for (const job of [...queue.splice(0), ...running.values()]) job?.reject(STOPPED)
    signal?.removeEventListener('abort', close)
    await Promise.all([...running.keys()].map((thread) => thread.terminate()))
  }

  signal?.addEventListener('abort', close, { once: true })
  return {
    run: <R>(value: unknown, transfer: readonly ArrayBuffer[] = [], onProgress?: Job['onProgress']) =>
      new Promise<R>((resolve, reject) => {
        queue.push({
          ...{ data: value, transfer, onProgress, reject },
          resolve: (result) => resolve(result as R),
        })
        next()
      }),
    close,
  }
}

const OUT_OF_MEMORY = 'A worker thread ran out of memory; try fewer threads or a smaller problem.'
const STOPPED = new ComputationError('The worker threads were stopped.')

/** An error of another thread, of which copies have lost their class. */
function rebuilt({ name, message, stack }: NonNullable<Answer['error']>): Error {
  const prototype =
    name === 'InputError' ? InputError : name === 'ComputationError' ? ComputationError : Error
  return Object.assign(Object.create(prototype.prototype), { name, message, stack })
}

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
