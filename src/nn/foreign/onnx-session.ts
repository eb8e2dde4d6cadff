import { ComputationError } from '../../errors.ts'
import { BadInput } from '../../io/bad-input.ts'
import { checkOnnxFile, type Ports } from './onnx-file.ts'
import {
  type Answer,
  type GraphSource,
  type OnnxHost,
  type Opening,
  onnxHost,
  PATIENCE,
} from './onnx-host.ts'
import { feedsOf, type Values } from './onnx-ports.ts'

/** One run of a graph. */
interface SessionCall {
  /** Its place in the list of graphs. */
  readonly graph: number
  /** Its inputs by name, `rows` rows of each. */
  readonly inputs: Values
  readonly output: string
  readonly rows: number
  /** Values of the output for each row. */
  readonly columns: number
}

/** ONNX graphs that can be run. */
export interface OnnxSession {
  /** The inputs and outputs of each graph. */
  readonly ports: readonly Ports[]
  /**
   * The values of the output, in runs of as many rows as memory allows.
   *
   * @throws InputError when the output has not so many values for each row
   * @throws ComputationError when the graph fails, or after `close`
   */
  run(call: SessionCall): Float64Array
  /** Frees what the runtime holds of the graphs. */
  close(): void
}

/**
 * Opens ONNX graphs with onnxruntime-node or onnxruntime-web, whichever is installed, in a thread of its own, so that a result can be
 * waited for: maps are evaluated without promises. One thread has all sessions.
 *
 * @throws InputError when no runtime is installed or a file is no graph that it can run
 */
export async function openOnnx(graphs: readonly GraphSource[]): Promise<OnnxSession> {
  const ports = graphs.map(({ bytes, file }) => checkOnnxFile(bytes, file))
  const host = onnxHost(graphs)
  return opened(host, await host.open({ graphs }), graphs, ports)
}

/** The same, while this thread waits: what makes a problem cannot wait otherwise. */
export function openOnnxNow(graphs: readonly GraphSource[]): OnnxSession {
  const ports = graphs.map(({ bytes, file }) => checkOnnxFile(bytes, file))
  const host = onnxHost(graphs)
  return opened(host, host.openNow({ graphs }), graphs, ports)
}

/** What a runtime says of an operator that it has for other types of numbers. */
const NOT_IN_THIS_TYPE =
  /could not find an implementation|not implemented|failed to find kernel|type 'tensor\(b?float16\)'/i

/** Rows of a run: more gain nothing, and layers of images hold some hundred values for each of a point. */
const MOST_ROWS = 8192
const MOST_VALUES = 2 ** 17
/** How many times as long as a row by itself each of many may take. */
const SLOWER = 4

function opened(
  host: OnnxHost,
  { session, answer }: Opening,
  graphs: readonly GraphSource[],
  ports: readonly Ports[],
): OnnxSession {
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
      NOT_IN_THIS_TYPE.test(answer.problem)
        ? 'a graph in float32 (model.float() before the export), or another runtime: onnxruntime-node has more operators in float64 than onnxruntime-web'
        : 'an ONNX graph',
    )
  let open = true

  /** Milliseconds that each graph took for a row by itself. */
  const paces = new Map<number, number>()
  function runRows({ graph, inputs, output, rows, columns }: SessionCall): Float64Array {
    if (!open) throw new ComputationError('The ONNX graph is closed; try to load the network again.')
    const { file } = graphs[graph]
    const { outputs } = ports[graph]
    if (!outputs.some(({ name }) => name === output))
      throw new BadInput(file, `has no output ${output}`, outputs.map(({ name }) => name).join(', '))
    const answer = (given: Values, count: number, patience: number): Answer =>
      host.run(
        {
          ...{ session, graph, output, columns, rows: count },
          inputs: feedsOf(file, ports[graph], given, count),
        },
        patience,
      )
    // one row by itself says how long many may take
    if (!paces.has(graph)) {
      const start = Date.now()
      const { problem } = answer(partOf(inputs, rows, 0, 1), 1, PATIENCE)
      if (problem !== undefined) throw failure(file, problem)
      paces.set(graph, Date.now() - start)
    }
    const patience = PATIENCE + SLOWER * rows * (paces.get(graph) as number)
    const { values, problem, shape } = answer(inputs, rows, patience)
    if (values) return values
    if (shape)
      throw new BadInput(
        file,
        `gives ${output} of shape [${shape.join(', ')}] for ${rows} points`,
        `[${rows}, ${columns}], or another shape with ${columns} values for each point`,
      )
    throw failure(file, problem)
  }

  return {
    ports,
    run(call) {
      const { inputs, rows, columns } = call
      const most = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_VALUES / columns)))
      if (rows <= most) return runRows(call)
      const out = new Float64Array(rows * columns)
      for (let row = 0; row < rows; row += most) {
        const count = Math.min(most, rows - row)
        out.set(
          runRows({ ...call, rows: count, inputs: partOf(inputs, rows, row, row + count) }),
          row * columns,
        )
      }
      return out
    },
    close() {
      if (open) host.close(session)
      open = false
    },
  }
}

/** The rows from the first to before the last. */
function partOf(inputs: Values, rows: number, first: number, last: number): Values {
  const parts = Object.entries(inputs).map(([name, values]) => {
    const each = values.length / rows
    return [name, values.slice(first * each, last * each)]
  })
  return Object.fromEntries(parts)
}

function failure(file: string, problem: string | undefined): ComputationError {
  return new ComputationError(
    `The ONNX runtime could not run ${file} (${oneLine(problem)}); try a graph with t [n, 1], x [n, d] and f [n, d].`,
  )
}

function oneLine(text = ''): string {
  return text.replace(/\s+/g, ' ').slice(0, 300)
}
