import { ComputationError } from '../../../src/errors.ts'
import { workerModule } from '../../../src/parallel/pool.ts'

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
  readonly missing?: boolean
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

/** A thread with an ONNX runtime. */
export interface OnnxHost {
  readonly alive: boolean
  open(call: OpenCall): Promise<Opening>
  /** The same, while this thread waits for the answer. */
  openNow(call: OpenCall): Opening
  /** Waits for the answer. @throws ComputationError when there is none */
  run(call: GraphCall): Answer
  close(session: number): void
}

const MINUTE = 60_000
/** Milliseconds for an answer, and between two looks at the memory. */
const PATIENCE = { open: MINUTE, run: 10 * MINUTE, look: 100 }
/** Bytes by which the process may grow while a graph is opened, beside some copies of its file, or run. */
const MOST_MEMORY = { open: 2 ** 30, run: 2 ** 31 }
const COPIES = 8
const STOPPED = 'The ONNX runtime stopped; try to load the network again.'
const LARGE = 'The ONNX graph took more than 2 GB of memory; try a smaller network.'

let current: OnnxHost | null = null

/**
 * The host of this thread, made when it is first needed and again after it broke.
 *
 * @throws ComputationError outside of Node
 */
export function onnxHost(): OnnxHost {
  if (!current?.alive) current = startHost()
  return current
}

function startHost(): OnnxHost {
  // without a static import, which browsers could not load
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads')
  if (!threads) throw new ComputationError('ONNX graphs are run in Node only; try a network in safetensors.')
  const { MessageChannel, receiveMessageOnPort, Worker } = threads
  const { port1, port2 } = new MessageChannel()
  // raised with every answer, and at the end of the thread
  const flag = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(new URL(workerModule(new URL('./onnx-worker.ts', import.meta.url))), {
    workerData: { port: port2, flag },
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

  /** The answer to a request of this thread, which stands still. */
  function awaited(id: number): Answer {
    let found: Answer | null = null
    waiting.set(id, (answer) => {
      found = answer
    })
    const [start, memory] = [Date.now(), process.memoryUsage.rss()]
    while (found === null) {
      // an answer that comes after this was read ends the wait at once
      const seen = Atomics.load(flag, 0)
      const received = receiveMessageOnPort(port1)
      if (received) deliver(received.message)
      else if (Atomics.load(flag, 1) > 0) stop(STOPPED)
      else if (Date.now() - start > PATIENCE.run)
        stop('The ONNX runtime gave no answer for ten minutes; try fewer samples.')
      else if (process.memoryUsage.rss() - memory > MOST_MEMORY.run) stop(LARGE)
      else Atomics.wait(flag, 0, seen, PATIENCE.look)
    }
    return found
  }

  return {
    get alive() {
      return alive
    },
    async open(call) {
      const id = ++count
      const [start, memory] = [Date.now(), process.memoryUsage.rss()]
      const most = call.graphs.reduce((sum, { bytes }) => sum + COPIES * bytes.length, MOST_MEMORY.open)
      const look = setInterval(() => {
        if (Date.now() - start > PATIENCE.open) stop('it took more than a minute to read')
        else if (process.memoryUsage.rss() - memory > most) stop('it takes too much memory')
      }, PATIENCE.look)
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
      const answer = awaited(id)
      if (answer.broken && alive) stop(STOPPED)
      return { session: id, answer }
    },
    run(call) {
      if (!alive) throw new ComputationError(STOPPED)
      const id = ++count
      port1.postMessage({ id, run: call } satisfies Request)
      const answer = awaited(id)
      if (answer.broken && alive) stop(STOPPED)
      return answer
    },
    close(session) {
      if (alive) port1.postMessage({ id: ++count, close: session } satisfies Request)
    },
  }
}
