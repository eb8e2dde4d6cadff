import type { VeMap } from '../../../src/consistency-function.ts'
import { difference } from '../../../src/derivative/differences.ts'
import type { OnnxDescription } from './description.ts'
import type { GraphSource } from './onnx-host.ts'
import { type OnnxSession, openOnnx } from './onnx-session.ts'

// rows of a run
const BLOCK = 8192

// the runtime's memory is none of JavaScript's: it is given back when a map is no longer used
const unused = new FinalizationRegistry<OnnxSession>((session) => session.close())

/** One of the graphs of a map. */
export interface Graph {
  readonly file: string
  /** f, and of a dual graph ∂_t f + ∇f·dx too, at rows of t, x and dx. */
  run(t: Float64Array, x: Float64Array, dx: Float64Array): Float64Array[]
}

/** A map that holds memory of the runtime until `close`, or until nobody has it any more. */
export interface OnnxMap extends VeMap {
  /** That of f, and the dual one where there is one. */
  readonly graphs: readonly Graph[]
  close(): void
}

/**
 * The consistency function of an ONNX graph. Its Jacobian–vector product is that of the dual graph where there is one, and by
 * differences, with an estimate of their error, otherwise.
 *
 * @param graph the file of f(t, x)
 * @param dual the file of (t, x, dx) to (f, ∂_t f + ∇f·dx), or null
 * @param scale the data scale c
 * @param time the largest time
 * @throws InputError when no runtime is installed or a file is no graph
 */
export async function onnxMap(
  { dimension: d, names, type, start = 0 }: OnnxDescription,
  graph: GraphSource,
  dual: GraphSource | null,
  { scale, time }: { scale: number; time: number },
): Promise<OnnxMap> {
  const session = await openOnnx(dual ? [graph, dual] : [graph], type)

  /** An output of the graph of f or, with dx, of the dual one. */
  function run(t: Float64Array, x: Float64Array, output: string, dx: Float64Array | null): Float64Array {
    const out = new Float64Array(x.length)
    for (let row = 0; row < t.length; row += BLOCK) {
      const times = t.slice(row, row + BLOCK)
      const rows = times.length
      const [from, to] = [row * d, (row + rows) * d]
      const inputs = {
        [names.t]: times,
        [names.x]: x.slice(from, to),
        ...(dx && { [names.dx]: dx.slice(from, to) }),
      }
      out.set(session.run({ graph: dx ? 1 : 0, inputs, output, rows, columns: d }), from)
    }
    return out
  }
  const same = (t: number, x: Float64Array) => new Float64Array(x.length / d).fill(t)
  /** All in one run: a run has a cost of its own. */
  function evaluateAll(times: readonly number[], x: readonly Float64Array[]): Float64Array[] {
    const size = x[0].length
    const [t, all] = [new Float64Array((times.length * size) / d), new Float64Array(times.length * size)]
    x.forEach((part, k) => {
      t.fill(times[k], (k * size) / d, ((k + 1) * size) / d)
      all.set(part, k * size)
    })
    const values = run(t, all, names.f, null)
    return x.map((_, k) => values.subarray(k * size, (k + 1) * size))
  }

  const map: OnnxMap = {
    functionEvaluations: 0,
    startTime: start,
    graphs: [
      { file: graph.file, run: (t, x) => [run(t, x, names.f, null)] },
      ...(dual
        ? [
            {
              file: dual.file,
              run: (t: Float64Array, x: Float64Array, dx: Float64Array) =>
                [names.f, names.df].map((name) => run(t, x, name, dx)),
            },
          ]
        : []),
    ],
    close: session.close,
    evaluate: (t, x) => (t < start ? x.slice() : run(same(t, x), x, names.f, null)),
    jvp(t, x, dx) {
      if (t < start) return { value: x.slice(), tangent: dx.slice() }
      if (!dual) return difference(evaluateAll, t, x, dx, { dimension: d, scale, from: start, to: time })
      const times = same(t, x)
      return { value: run(times, x, names.f, null), tangent: run(times, x, names.df, dx) }
    },
  }
  unused.register(map, session)
  return map
}
