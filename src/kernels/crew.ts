import type { Worker } from 'node:worker_threads'
import { startThread, warnOfFewer } from '../parallel/pool.ts'
import { type Blas, sgemmTypes } from './blas.ts'
import { plain, relaxed } from './generated/binaries.ts'
import { ARGUMENTS_AT, words as at, HELPER, MOST_ARGUMENTS, SPINS } from './helper.ts'
import { type Kernels, type SharedKernel, sharedKernels } from './kernels.ts'
import type { MemoryPool } from './memory-pool.ts'

/** The threads that share a kernel: this one, and helpers that wait for it on the same memory. */
export class Crew {
  readonly threads: number
  readonly #kernels: Kernels
  readonly #control: number
  readonly #words: Int32Array
  readonly #values: Float64Array
  readonly #stop: () => Promise<void>
  #job = 0

  private constructor(
    kernels: Kernels,
    pool: MemoryPool,
    control: number,
    threads: number,
    stop: () => Promise<void>,
  ) {
    this.#kernels = kernels
    this.#control = control
    this.#words = new Int32Array(pool.memory.buffer, control, 16)
    this.#values = new Float64Array(pool.memory.buffer, control + ARGUMENTS_AT, MOST_ARGUMENTS)
    this.threads = threads
    this.#stop = stop
  }

  /**
   * Starts threads − 1 helpers, or as many as the system allows. Where there are no worker threads (a browser), this thread works
   * alone.
   */
  static async start(
    { kernels, module, blas }: LoadedKernels,
    pool: MemoryPool,
    threads: number,
  ): Promise<Crew> {
    const { memory } = pool
    const control = pool.allocate(ARGUMENTS_AT + 8 * MOST_ARGUMENTS)
    new Int32Array(memory.buffer, control, 16).fill(0)
    const scratch = () => pool.allocate(kernels.scratchBytes())
    kernels.prepare(scratch(), blas === null ? 0 : 1, 0)
    if (threads === 1 || typeof process === 'undefined' || !process.versions?.node) {
      return new Crew(kernels, pool, control, 1, async () => {})
    }
    const { Worker } = await import('node:worker_threads')
    const library = blas && { library: blas.library, koffi: blas.koffi, base: blas.base }
    const shared = { module, memory, control, names: sharedKernels, blas: library, types: sgemmTypes }
    const helpers: Worker[] = []
    const stop = async () => {
      await Promise.all(helpers.map((helper) => helper.terminate()))
    }
    try {
      while (helpers.length < threads - 1) {
        const own = { ...shared, scratch: scratch(), thread: helpers.length + 1 }
        const helper = startThread(() => new Worker(HELPER, { eval: true, workerData: own }))
        if (helper === null) break
        helpers.push(helper)
      }
      await Promise.all(helpers.map(online))
    } catch (error) {
      await stop()
      throw error
    }
    warnOfFewer(threads, helpers.length + 1)
    for (const helper of helpers) helper.unref()
    return new Crew(kernels, pool, control, helpers.length + 1, stop)
  }

  /**
   * Runs a kernel in parts, which the threads take one by one. The number of parts has to follow from the work alone: then the
   * bits do not depend on the number of threads.
   */
  run(name: SharedKernel, parts: number, ...values: number[]): void {
    const kernel = this.#kernels[name]
    this.#kernels.begin()
    if (this.threads === 1 || parts === 1) {
      for (let part = 0; part < parts; part++) kernel(part, parts, ...values)
      return
    }
    const words = this.#words
    this.#values.set(values)
    words[at.kernel] = sharedKernels.indexOf(name) | (parts << 8)
    words[at.arguments] = values.length
    words[at.open] = parts
    this.#job = (this.#job + 1) | 0
    this.#kernels.open(this.#control, this.#job, parts)
    Atomics.store(words, at.job, this.#job)
    if (Atomics.load(words, at.asleep) > 0) Atomics.notify(words, at.job)
    for (;;) {
      const part = this.#kernels.claim(this.#control, this.#job)
      if (part < 0) break
      kernel(part, parts, ...values)
      Atomics.sub(words, at.open, 1)
    }
    this.#finish()
  }

  /** Waits for the parts that helpers have taken. */
  #finish(): void {
    const words = this.#words
    for (let spin = 0; spin < SPINS && Atomics.load(words, at.open) > 0; spin++);
    if (Atomics.load(words, at.open) === 0) return
    // A helper that has lost its core to another program needs this one's.
    Atomics.store(words, at.leaderAsleep, 1)
    for (let open = Atomics.load(words, at.open); open > 0; open = Atomics.load(words, at.open)) {
      Atomics.wait(words, at.open, open)
    }
    Atomics.store(words, at.leaderAsleep, 0)
  }

  /** Stops the helpers. */
  stop(): Promise<void> {
    return this.#stop()
  }
}

function online(helper: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    helper.once('online', resolve)
    helper.once('error', reject)
  })
}

export interface LoadedKernels {
  readonly kernels: Kernels
  readonly module: WebAssembly.Module
  /** True for the build with fused multiply-add. */
  readonly fused: boolean
  /** The library that multiplies matrices in place of our kernel, if one was asked for. */
  readonly blas: Blas | null
}

/** The build with fused multiply-add, and the one for engines without it. */
export type Build = 'relaxed' | 'plain'

/**
 * Compiles the kernels on a shared memory: the build with relaxed SIMD where the engine takes it, the plain one otherwise,
 * unless one is named. Node 20 takes it with a flag only, which is set here before anything is compiled.
 */
export async function loadKernels(
  memory: WebAssembly.Memory,
  { build, blas = null }: { readonly build?: Build; readonly blas?: Blas | null } = {},
): Promise<LoadedKernels> {
  await allowRelaxedSimd()
  const bytes = decode(relaxed)
  const fused = build === undefined ? WebAssembly.validate(bytes) : build === 'relaxed'
  const module = await WebAssembly.compile(fused ? bytes : decode(plain))
  const sgemm = blas?.sgemm ?? (() => {})
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, sgemm } })
  return { kernels: exports as unknown as Kernels, module, fused, blas }
}

async function allowRelaxedSimd(): Promise<void> {
  if (typeof process === 'undefined' || !process.versions?.node) return
  const v8 = await import('node:v8')
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd')
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
