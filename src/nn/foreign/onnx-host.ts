import type { MessagePort } from 'node:worker_threads'
import { ComputationError } from '../../errors.ts'
import { workerModule } from '../../parallel/pool.ts'

/** An ONNX file. */
export interface GraphSource {
  readonly file: string
  readonly bytes: Uint8Array
}

export interface OpenCall {
  readonly graphs: readonly GraphSource[]
}

/** A type of numbers that a graph can be given. */
export type NumberType = 'float32' | 'float64' | 'int32' | 'int64'

/** An input of a run. */
export interface Feed {
  readonly values: Float64Array
  readonly type: NumberType
  readonly shape: readonly number[]
}

/** One run of a graph: its inputs by name. */
export interface GraphCall {
  readonly session: number
  /** Its place in the list of graphs. */
  readonly graph: number
  readonly inputs: Readonly<Record<string, Feed>>
  readonly output: string
  /** The output must have so many rows, of so many values each. */
  readonly rows: number
  readonly columns: number
}

/** One of the three. */
export interface Request {
  readonly id: number
  readonly open?: OpenCall
  readonly run?: GraphCall
  /** The id by which it was opened. */
  readonly close?: number
}

export interface Answer {
  readonly missing?: true
  readonly file?: string
  readonly problem?: string
  /** The shape of the output, where it is another than it must be. */
  readonly shape?: readonly number[]
  /** The runtime cannot be used any more. */
  readonly broken?: boolean
  readonly values?: Float64Array
}

export interface Opening {
  readonly session: number
  readonly answer: Answer
}

/** What the thread of a runtime is started with. */
export interface OnnxThreadData {
  readonly port: MessagePort
  /** Raised with every answer, and at the end of the thread. */
  readonly flag: Int32Array<SharedArrayBuffer>
  /** Bytes that graphs may use. */
  readonly memory: number
}

/** A thread with an ONNX runtime. */
export interface OnnxHost {
  readonly alive: boolean
  /** Bytes that its graphs may use. */
  readonly memory: number
  open(call: OpenCall): Promise<Opening>
  /** The same, while this thread waits for the answer. */
  openNow(call: OpenCall): Opening
  /** Waits for the answer, so many milliseconds of work. @throws ComputationError when there is none */
  run(call: GraphCall, patience: number): Answer
  close(session: number): void
}

/** Milliseconds for an answer. */
export const PATIENCE = 10_000
/** Between two looks. */
const LOOK = 50
/** How many times longer on a busy machine, which gives a runtime little of its time. */
const IDLE = 6
/** Bytes that graphs may use, beside some copies of their files, and what the thread and its runtime take. */
const MEMORY = 5 * 2 ** 27
const COPIES = 8
const RUNTIME = 2 ** 28
/** All that WebAssembly can address. */
const ADDRESSES = 2 ** 32
const STOPPED = 'The ONNX runtime stopped; try to load the network again.'

export function tooLarge(memory: number): string {
  return `it takes more than ${(memory / 1e9).toPrecision(2)} GB of memory`
}

let current: OnnxHost | null = null

/**
 * The host of this thread, made when it is first needed, and again after it broke or when graphs of this size have no room in it.
 *
 * @throws ComputationError outside of Node
 */
export function onnxHost(graphs: readonly GraphSource[]): OnnxHost {
  const needed = graphs.reduce((sum, { bytes }) => sum + COPIES * bytes.length, MEMORY)
  if (!current?.alive || current.memory < needed) current = startHost(Math.min(needed, ADDRESSES))
  return current
}

function startHost(memory: number): OnnxHost {
  // without a static import, which browsers could not load
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads')
  if (!threads) throw new ComputationError('ONNX graphs are run in Node only; try a network in safetensors.')
  const { MessageChannel, receiveMessageOnPort, Worker } = threads
  const { port1, port2 } = new MessageChannel()
  const flag = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(new URL(workerModule(new URL('./onnx-worker.ts', import.meta.url))), {
    workerData: { port: port2, flag, memory } satisfies OnnxThreadData,
    transferList: [port2],
    // the runtime has warnings to print, which are no results
    stdout: true,
    stderr: true,
  })
  const waiting = new Map<number, (answer: Answer) => void>()
  let count = 0
  let alive = true

  /** The process may end while nothing is awaited. */
  function hold(): void {
    for (const one of [worker, port1]) waiting.size > 0 ? one.ref() : one.unref()
  }
  function stop(problem: string): void {
    alive = false
    for (const [, resolve] of waiting) resolve({ problem, broken: true })
    waiting.clear()
    hold()
    void worker.terminate()
  }
  function deliver({ id, ...answer }: Answer & { id: number }): void {
    const resolve = waiting.get(id)
    waiting.delete(id)
    resolve?.(answer)
    hold()
  }
  port1.on('message', deliver)
  worker.on('error', () => stop(STOPPED))
  worker.on('exit', () => stop(STOPPED))
  hold()

  /** What is wrong with a request that is still without an answer, or null. */
  function watch(patience: number): () => string | null {
    const [start, busy, resident] = [Date.now(), process.cpuUsage(), process.memoryUsage.rss()]
    return () => {
      const waited = Date.now() - start
      const { user, system } = process.cpuUsage(busy)
      const worked = (user + system) / 1000
      if (waited > patience && (worked > patience || waited > IDLE * patience))
        return `it gave no answer for ${Math.round(waited / 1000)} seconds`
      if (process.memoryUsage.rss() - resident > memory + RUNTIME) return tooLarge(memory)
      return null
    }
  }

  /** The answer to a request of this thread, which stands still. */
  function awaited(id: number, patience: number): Answer {
    let found: Answer | null = null
    waiting.set(id, (answer) => {
      found = answer
    })
    const wrong = watch(patience)
    while (found === null) {
      // an answer that comes after this was read ends the wait at once
      const seen = Atomics.load(flag, 0)
      const received = receiveMessageOnPort(port1)
      const problem = received ? null : wrong()
      if (received) deliver(received.message)
      else if (Atomics.load(flag, 1) > 0) stop(STOPPED)
      else if (problem !== null) stop(problem)
      else Atomics.wait(flag, 0, seen, LOOK)
    }
    return found
  }

  return {
    get alive() {
      return alive
    },
    memory,
    async open(call) {
      const id = ++count
      const wrong = watch(PATIENCE)
      const look = setInterval(() => {
        const problem = wrong()
        if (problem !== null) stop(problem)
      }, LOOK)
      try {
        const answer = await new Promise<Answer>((resolve) => {
          waiting.set(id, resolve)
          hold()
          port1.postMessage({ id, open: call } satisfies Request)
        })
        if (answer.broken && alive) stop(STOPPED)
        return { session: id, answer }
      } finally {
        clearInterval(look)
      }
    },
    openNow(call) {
      const id = ++count
      port1.postMessage({ id, open: call } satisfies Request)
      const answer = awaited(id, PATIENCE)
      if (answer.broken && alive) stop(STOPPED)
      return { session: id, answer }
    },
    run(call, patience) {
      if (!alive) throw new ComputationError(STOPPED)
      const id = ++count
      port1.postMessage({ id, run: call } satisfies Request)
      const answer = awaited(id, patience)
      if (answer.broken && alive) stop(STOPPED)
      return answer
    },
    close(session) {
      if (alive) port1.postMessage({ id: ++count, close: session } satisfies Request)
    },
  }
}
