import { workerData } from 'node:worker_threads'
import {
  type Answer,
  type GraphCall,
  type NumberType,
  type OnnxThreadData,
  type OpenCall,
  type Request,
  tooLarge,
} from './onnx-host.ts'

// Runs ONNX graphs for a thread that waits for the answer: onnxruntime gives results by promises only.

interface RuntimeTensor {
  readonly type: string
  readonly dims: readonly number[]
  readonly data: ArrayLike<number>
}
interface RuntimeSession {
  run(feeds: Record<string, RuntimeTensor>, options: typeof QUIET): Promise<Record<string, RuntimeTensor>>
  release(): Promise<void>
}
interface Runtime {
  readonly env: { wasm: { numThreads?: number }; logLevel?: string }
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: typeof SESSION | typeof WITHOUT_FUSION): Promise<RuntimeSession>
  }
  readonly Tensor: new (
    type: string,
    data: Float32Array | Float64Array | Int32Array | BigInt64Array,
    shape: readonly number[],
  ) => RuntimeTensor
}

// of 0 (everything) to 4: what fails is told by the answer, not on stderr
const QUIET = { logSeverityLevel: 4 }
// one thread: the same bits on every machine, and no more cores than were asked for
const SESSION = { ...QUIET, intraOpNumThreads: 1, interOpNumThreads: 1 }
// what the runtime fuses it may have in float32 only: QuickGelu, which x·sigmoid(x) becomes
const WITHOUT_FUSION = { ...SESSION, graphOptimizationLevel: 'basic' } as const
const NO_FUSED_KERNEL = /failed to find kernel for com\.microsoft/i
const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web']
const FLOATS = ['float32', 'float64']
const numbersOf = {
  float32: (values) => Float32Array.from(values),
  float64: (values) => values,
  int32: (values) => Int32Array.from(values),
  int64: (values) => BigInt64Array.from(Array.from(values, BigInt)),
} satisfies Record<
  NumberType,
  (values: Float64Array) => Float32Array | Float64Array | Int32Array | BigInt64Array
>
const PAGE = 65_536
const { port, flag, memory } = workerData as OnnxThreadData
boundMemory(memory / PAGE)
const opened = new Map<number, RuntimeSession[]>()
const runtime = await loadRuntime()

function wake(place: 0 | 1): void {
  Atomics.add(flag, place, 1)
  Atomics.notify(flag, 0)
}

/** Memories that WebAssembly makes in this thread cannot grow further: a runtime in it is told so before anything is taken. */
function boundMemory(pages: number): void {
  const { Memory } = WebAssembly
  WebAssembly.Memory = class extends Memory {
    constructor({ maximum = pages, ...rest }: WebAssembly.MemoryDescriptor) {
      super({ ...rest, maximum: Math.min(maximum, pages) })
    }
  }
}

async function loadRuntime(): Promise<Runtime | null> {
  for (const name of RUNTIMES)
    try {
      const found: Runtime = await import(name)
      found.env.wasm.numThreads = 1
      found.env.logLevel = 'fatal'
      return found
    } catch {}
  return null
}

function problemOf(error: unknown): Answer {
  const said = error instanceof Error ? error.message : String(error)
  const problem = /\bbad_alloc\b/.test(said) ? tooLarge(memory) : said
  // what is left of a runtime that was stopped in the middle cannot be trusted
  const broken = error instanceof WebAssembly.RuntimeError || /\bAborted\b|out of bounds/.test(problem)
  return { problem, ...(broken && { broken }) }
}

async function open(id: number, { graphs }: OpenCall): Promise<Answer> {
  if (!runtime) return { missing: true }
  const sessions: RuntimeSession[] = []
  for (const { file, bytes } of graphs)
    try {
      sessions.push(await sessionOf(runtime, bytes))
    } catch (error) {
      await release(sessions)
      return { file, ...problemOf(error) }
    }
  opened.set(id, sessions)
  return {}
}

async function sessionOf({ InferenceSession }: Runtime, bytes: Uint8Array): Promise<RuntimeSession> {
  try {
    return await InferenceSession.create(bytes, SESSION)
  } catch (error) {
    if (!NO_FUSED_KERNEL.test(String(error))) throw error
    return InferenceSession.create(bytes, WITHOUT_FUSION)
  }
}

async function run({ session, graph, inputs, output, rows, columns }: GraphCall): Promise<Answer> {
  const sessions = opened.get(session) as RuntimeSession[]
  if (!runtime) return { missing: true }
  const feeds: Record<string, RuntimeTensor> = {}
  for (const [name, { type, values, shape }] of Object.entries(inputs))
    feeds[name] = new runtime.Tensor(type, numbersOf[type](values), shape)
  try {
    const { type, data, dims } = (await sessions[graph].run(feeds, QUIET))[output]
    if (!FLOATS.includes(type)) return { problem: `${output} is of type ${type}` }
    if (dims[0] === rows && data.length === rows * columns) return { values: Float64Array.from(data) }
    return { shape: dims }
  } catch (error) {
    return problemOf(error)
  }
}

async function release(sessions: readonly RuntimeSession[]): Promise<void> {
  for (const session of sessions) await session.release().catch(() => {})
}

async function handle({ id, open: graphs, run: call, close }: Request): Promise<void> {
  if (close !== undefined) {
    const sessions = opened.get(close) ?? []
    opened.delete(close)
    return release(sessions)
  }
  const answer = graphs ? await open(id, graphs) : call ? await run(call) : {}
  port.postMessage({ id, ...answer })
  wake(0)
}

process.on('exit', () => wake(1))
// one after the other: what is closed is not running
let last = Promise.resolve()
port.on('message', (request: Request) => {
  last = last.then(() => handle(request))
})
