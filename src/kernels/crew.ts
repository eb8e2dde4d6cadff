import { type Kernels, type SharedKernel, sharedKernels } from './kernels.ts'
import type { LoadedKernels } from './load.ts'
import type { MemoryPool } from './memory-pool.ts'

// Words of the control block: the number of the job, how many helpers are still at work, the kernel, the count of arguments.
const JOB = 0
const OPEN = 1
const KERNEL = 2
const ARGUMENTS = 3
// Looks at the control block before a thread goes to sleep: some tens of microseconds.
const SPINS = 20000
const CONTROL_BYTES = 64 + 8 * 32

/**
 * What a helper runs: it spins for a new job for a while, since jobs of one training step follow each other within microseconds,
 * then sleeps. A string, so that it needs no file of its own in any build.
 */
const HELPER = `
const { workerData } = require('node:worker_threads')
const { module, memory, control, thread, threads, names } = workerData
const { exports } = new WebAssembly.Instance(module, { env: { memory } })
const words = new Int32Array(memory.buffer, control, 16)
const values = new Float64Array(memory.buffer, control + 64, 32)
let done = workerData.job
for (;;) {
  for (let spin = 0; spin < ${SPINS} && Atomics.load(words, ${JOB}) === done; spin++);
  while (Atomics.load(words, ${JOB}) === done) Atomics.wait(words, ${JOB}, done)
  done = Atomics.load(words, ${JOB})
  exports[names[words[${KERNEL}]]](thread, threads, ...values.subarray(0, words[${ARGUMENTS}]))
  if (Atomics.sub(words, ${OPEN}, 1) === 1) Atomics.notify(words, ${OPEN})
}
`

/** The threads that share a kernel: this one, and helpers that wait for it on the same memory. */
export class Crew {
  readonly threads: number
  readonly #kernels: Kernels
  readonly #words: Int32Array
  readonly #values: Float64Array
  readonly #stop: () => Promise<void>

  private constructor(
    kernels: Kernels,
    threads: number,
    words: Int32Array,
    values: Float64Array,
    stop: () => Promise<void>,
  ) {
    this.#kernels = kernels
    this.threads = threads
    this.#words = words
    this.#values = values
    this.#stop = stop
  }

  /** Starts threads − 1 helpers. Where there are no worker threads (a browser), this thread works alone. */
  static async start({ kernels, module }: LoadedKernels, pool: MemoryPool, threads: number): Promise<Crew> {
    const control = pool.allocate(CONTROL_BYTES)
    const { memory } = pool
    const words = new Int32Array(memory.buffer, control, 16)
    const values = new Float64Array(memory.buffer, control + 64, 32)
    words.fill(0)
    if (threads === 1 || typeof process === 'undefined' || !process.versions?.node) {
      return new Crew(kernels, 1, words, values, async () => {})
    }
    const { Worker } = await import('node:worker_threads')
    const helpers = Array.from({ length: threads - 1 }, (_, i) => {
      const workerData = { module, memory, control, thread: i + 1, threads, names: sharedKernels, job: 0 }
      return new Worker(HELPER, { eval: true, workerData })
    })
    await Promise.all(helpers.map((helper) => new Promise((resolve) => helper.once('online', resolve))))
    for (const helper of helpers) helper.unref()
    return new Crew(kernels, threads, words, values, async () => {
      await Promise.all(helpers.map((helper) => helper.terminate()))
    })
  }

  /** Runs one kernel; on every thread if it is worth waking them. The bits do not depend on the number of threads. */
  run(name: SharedKernel, worthwhile: boolean, ...values: number[]): void {
    if (this.threads === 1 || !worthwhile) {
      this.#kernels[name](0, 1, ...values)
      return
    }
    const words = this.#words
    this.#values.set(values)
    words[KERNEL] = sharedKernels.indexOf(name)
    words[ARGUMENTS] = values.length
    Atomics.store(words, OPEN, this.threads - 1)
    Atomics.add(words, JOB, 1)
    Atomics.notify(words, JOB)
    this.#kernels[name](0, this.threads, ...values)
    let open = Atomics.load(words, OPEN)
    for (let spin = 0; open > 0 && spin < SPINS; spin++) open = Atomics.load(words, OPEN)
    // A helper that has lost its core to another program needs this one's.
    while (open > 0) {
      Atomics.wait(words, OPEN, open)
      open = Atomics.load(words, OPEN)
    }
  }

  stop(): Promise<void> {
    return this.#stop()
  }
}
