import { ComputationError } from '../../../src/errors.ts'
import { BadInput } from '../../../src/io/bad-input.ts'
import { workerModule } from '../../../src/parallel/pool.ts'

/** An ONNX file. */
export interface GraphSource {
  readonly file: string
  readonly bytes: Uint8Array
}

/** One run of a graph: its inputs by name, as many rows each. */
export interface GraphCall {
  /** Its place in the list of graphs. */
  readonly graph: number
  readonly inputs: Readonly<Record<string, Float64Array>>
  readonly output: string
  readonly rows: number
}

interface Answer {
  readonly missing?: boolean
  readonly file?: string
  readonly problem?: string
  readonly values?: Float64Array
}

/** ONNX graphs that can be run. */
export interface OnnxSession {
  /** The values of the output. @throws ComputationError when the graph fails */
  run(call: GraphCall): Float64Array
}

const PATIENCE = 600_000
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './onnx-worker.ts' : './onnx-worker.js',
  import.meta.url,
)

/**
 * Opens ONNX graphs with onnxruntime-node or onnxruntime-web, whichever is installed, in a thread of its own, so that a result can be
 * waited for: maps are evaluated without promises.
 *
 * @throws InputError when no runtime is installed or a file is no graph that it can run
 */
export async function openOnnx(
  graphs: readonly GraphSource[],
  type: 'float32' | 'float64',
): Promise<OnnxSession> {
  const { MessageChannel, receiveMessageOnPort, Worker } = await import('node:worker_threads')
  const { port1, port2 } = new MessageChannel()
  const flag = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL(workerModule(WORKER)), {
    workerData: { graphs, type, port: port2, flag },
    transferList: [port2],
    // the runtime has warnings to print, which are no results
    stdout: true,
    stderr: true,
  })
  const first = await new Promise<Answer>((resolve, reject) => {
    port1.once('message', resolve)
    worker.once('error', reject)
  })
  worker.unref()
  port1.unref()
  if (first.problem !== undefined || first.missing) {
    await worker.terminate()
    if (first.missing)
      throw new BadInput(
        graphs[0].file,
        'needs an ONNX runtime and none is installed',
        'onnxruntime-web or onnxruntime-node beside this package (npm install onnxruntime-web)',
      )
    throw new BadInput(
      first.file ?? graphs[0].file,
      `is refused by the ONNX runtime (${first.problem})`,
      'an ONNX graph',
    )
  }
  const nextAnswer = (): Answer => {
    while (true) {
      // the flag is raised after an answer is sent: one that comes after it was read ends the wait at once
      const seen = Atomics.load(flag, 0)
      const received = receiveMessageOnPort(port1)
      if (received) return received.message
      if (Atomics.wait(flag, 0, seen, PATIENCE) === 'timed-out')
        throw new ComputationError('The ONNX runtime gave no answer for ten minutes; try fewer samples.')
    }
  }
  return {
    run(call) {
      port1.postMessage(call)
      const answer = nextAnswer()
      if (answer.values) return answer.values
      throw new ComputationError(
        `The ONNX runtime could not run ${graphs[call.graph].file}: ${answer.problem}.`,
      )
    },
  }
}
