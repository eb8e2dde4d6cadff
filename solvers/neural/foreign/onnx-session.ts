import { ComputationError } from '../../../src/errors.ts'
import { BadInput } from '../../../src/io/bad-input.ts'
import { checkOnnxFile } from './onnx-file.ts'
import { type GraphCall, type GraphSource, type OnnxHost, type Opening, onnxHost } from './onnx-host.ts'

/** ONNX graphs that can be run. */
export interface OnnxSession {
  /**
   * The values of the output.
   *
   * @throws InputError when the output has another shape than [rows, columns]
   * @throws ComputationError when the graph fails, or after `close`
   */
  run(call: Omit<GraphCall, 'session'>): Float64Array
  /** Frees what the runtime holds of the graphs. */
  close(): void
}

/**
 * Opens ONNX graphs with onnxruntime-node or onnxruntime-web, whichever is installed, in a thread of its own, so that a result can be
 * waited for: maps are evaluated without promises. One thread has all sessions.
 *
 * @throws InputError when no runtime is installed or a file is no graph that it can run
 */
export async function openOnnx(
  graphs: readonly GraphSource[],
  type: 'float32' | 'float64',
): Promise<OnnxSession> {
  for (const { bytes, file } of graphs) checkOnnxFile(bytes, file)
  const host = onnxHost()
  return opened(host, await host.open({ graphs, type }), graphs)
}

/** The same, while this thread waits: what makes a problem cannot wait otherwise. */
export function openOnnxNow(graphs: readonly GraphSource[], type: 'float32' | 'float64'): OnnxSession {
  for (const { bytes, file } of graphs) checkOnnxFile(bytes, file)
  const host = onnxHost()
  return opened(host, host.openNow({ graphs, type }), graphs)
}

function opened(host: OnnxHost, { session, answer }: Opening, graphs: readonly GraphSource[]): OnnxSession {
  if (answer.missing)
    throw new BadInput(
      graphs[0].file,
      'needs an ONNX runtime and none is installed',
      'onnxruntime-web or onnxruntime-node beside this package (npm install onnxruntime-web)',
    )
  if (answer.problem !== undefined)
    throw new BadInput(
      answer.file ?? graphs[0].file,
      `is refused by the ONNX runtime (${answer.problem})`,
      'an ONNX graph',
    )
  let open = true
  return {
    run(call) {
      if (!open) throw new ComputationError('The ONNX graph is closed; try to load the network again.')
      const { values, problem, shape, names } = host.run({ ...call, session })
      if (values) return values
      if (names)
        throw new BadInput(
          graphs[call.graph].file,
          `has the inputs ${names.join(', ') || 'none'}`,
          `${Object.keys(call.inputs).join(', ')}; the key \`names\` of its description says what they are called otherwise`,
        )
      if (shape)
        throw new BadInput(
          graphs[call.graph].file,
          `gives ${call.output} of shape [${shape.join(', ')}] for ${call.rows} points`,
          `[${call.rows}, ${call.columns}], a row for each point`,
        )
      throw new ComputationError(
        `The ONNX runtime could not run ${graphs[call.graph].file} (${oneLine(problem)}); try a graph with t [n, 1], x [n, d] and f [n, d].`,
      )
    },
    close() {
      if (open) host.close(session)
      open = false
    },
  }
}

function oneLine(text = ''): string {
  return text.replace(/\s+/g, ' ').slice(0, 300)
}
