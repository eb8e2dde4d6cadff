import { type MessagePort, workerData } from 'node:worker_threads'
import type { GraphCall, GraphSource } from './onnx-session.ts'

// Runs ONNX graphs for a thread that waits for the answer: onnxruntime gives results by promises only.

interface RuntimeTensor {
  readonly data: ArrayLike<number>
}
interface RuntimeSession {
  run(feeds: Record<string, RuntimeTensor>): Promise<Record<string, RuntimeTensor>>
}
interface Runtime {
  readonly env: { wasm: { numThreads?: number }; logLevel?: string }
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: { logSeverityLevel: number }): Promise<RuntimeSession>
  }
  readonly Tensor: new (type: string, data: Float32Array | Float64Array, shape: number[]) => RuntimeTensor
}

interface Setup {
  readonly graphs: readonly GraphSource[]
  readonly type: 'float32' | 'float64'
  readonly port: MessagePort
  readonly flag: Int32Array<SharedArrayBuffer>
}

// of 0 (everything) to 4
const ERRORS = 3
const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web']
const { graphs, type, port, flag } = workerData as Setup

function answer(message: unknown): void {
  port.postMessage(message)
  Atomics.add(flag, 0, 1)
  Atomics.notify(flag, 0)
}

async function loadRuntime(): Promise<Runtime | null> {
  for (const name of RUNTIMES)
    try {
      const runtime: Runtime = await import(name)
      runtime.env.wasm.numThreads = 1
      runtime.env.logLevel = 'error'
      return runtime
    } catch {}
  return null
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function start(): Promise<void> {
  const runtime = await loadRuntime()
  if (!runtime) return answer({ missing: true })
  const sessions: RuntimeSession[] = []
  for (const { file, bytes } of graphs)
    try {
      sessions.push(await runtime.InferenceSession.create(bytes, { logSeverityLevel: ERRORS }))
    } catch (error) {
      return answer({ file, problem: reason(error) })
    }
  const run = async ({ graph, inputs, output, rows }: GraphCall) => {
    const feeds = Object.entries(inputs).map(([name, values]) => {
      const data = type === 'float32' ? Float32Array.from(values) : values
      return [name, new runtime.Tensor(type, data, [rows, values.length / rows])]
    })
    const outputs = await sessions[graph].run(Object.fromEntries(feeds))
    if (!Object.hasOwn(outputs, output))
      throw new Error(`the graph has the outputs ${Object.keys(outputs).join(', ')}, none is ${output}`)
    return { values: Float64Array.from(outputs[output].data) }
  }
  port.on('message', (call: GraphCall) => {
    run(call).then(answer, (error) => answer({ problem: reason(error) }))
  })
  answer({ ready: true })
}

void start()
