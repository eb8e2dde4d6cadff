import { difference } from '../../../src/derivative/differences.ts'
import type { OnnxDescription } from '../../../src/nn/foreign/description.ts'
import type { GraphSource } from '../../../src/nn/foreign/onnx-host.ts'
import { checkPorts, checkType } from '../../../src/nn/foreign/onnx-ports.ts'
import { type OnnxSession, openOnnx } from '../../../src/nn/foreign/onnx-session.ts'
import type { DescribedMap } from './described-map.ts'

// the runtime's memory is none of JavaScript's: it is given back when a map is no longer used
const unused = new FinalizationRegistry<OnnxSession>((session) => session.close())

/** One of the graphs of a map. */
export interface Graph {
  readonly file: string
  /** What it gives, and of a dual graph the derivative of that along (1, dx) too, at rows of t, x and dx; u = 0. */
  run(t: Float64Array, x: Float64Array, dx: Float64Array): Float64Array[]
}

/** A map that holds memory of the runtime until `close`, or until nobody has it any more. */
export interface OnnxMap extends DescribedMap {
  /** That of f, and the dual one where there is one. */
  readonly graphs: readonly Graph[]
  close(): void
}

/** What differences of a map may do. */
export interface DifferenceRange {
  /** The largest time of the network. */
  readonly end: number
  /** dt/dθ, θ = arctan(τ/c): differences take steps in θ. */
  speedAt(t: number): number
}

/**
 * The consistency function of an ONNX graph. Its Jacobian–vector product is that of the dual graph where there is one, and by
 * differences, with an estimate of their error, otherwise.
 *
 * @param graph the file of f(t, x), or of the mean velocity
 * @param dual the file of (t, x, dx) to (F, ∂_t F + ∇F·dx), or null
 * @throws InputError when no runtime is installed or a file is no graph
 */
export async function onnxMap(
  { dimension: d, names, type, start = 0, output }: OnnxDescription,
  graph: GraphSource,
  dual: GraphSource | null,
  range: DifferenceRange,
): Promise<OnnxMap> {
  const session = await openOnnx(dual ? [graph, dual] : [graph])
  const twoTimes = names.u !== undefined
  const times = { t: names.t, x: names.x, ...(names.u !== undefined && { u: names.u }) }
  try {
    for (const [k, { file }] of [graph, ...(dual ? [dual] : [])].entries()) {
      const ports = session.ports[k]
      checkPorts(file, ports, k === 0 ? times : { ...times, dx: names.dx }, ['f', names.f])
      if (k === 1) checkPorts(file, ports, { ...times, dx: names.dx }, ['df', names.df])
      checkType(file, ports, names.x, type)
    }
  } catch (error) {
    session.close()
    throw error
  }

  /** An output of the graph of F or, with dx, of the dual one. */
  function run(t: Float64Array, x: Float64Array, u: number, name: string, dx: Float64Array | null) {
    const inputs = {
      [names.t]: t,
      [names.x]: x,
      ...(names.u !== undefined && { [names.u]: new Float64Array(t.length).fill(u) }),
      ...(dx && { [names.dx]: dx }),
    }
    return session.run({ graph: dx ? 1 : 0, inputs, output: name, rows: t.length, columns: d })
  }
  /** f of F, n·d values each. */
  function mapOf(F: Float64Array, t: Float64Array, x: Float64Array, u: number): Float64Array {
    if (output.kind === 'value') return F
    return F.map((value, i) => x[i] - (t[Math.floor(i / d)] - u) * value)
  }
  const at = (t: Float64Array, x: Float64Array, u: number) => mapOf(run(t, x, u, names.f, null), t, x, u)
  const same = (t: number, x: Float64Array) => new Float64Array(x.length / d).fill(t)
  /** All in one run: a run has a cost of its own. */
  function evaluateAll(places: readonly number[], x: readonly Float64Array[], u: number): Float64Array[] {
    const size = x[0].length
    const [t, all] = [new Float64Array((places.length * size) / d), new Float64Array(places.length * size)]
    x.forEach((part, k) => {
      t.fill(places[k], (k * size) / d, ((k + 1) * size) / d)
      all.set(part, k * size)
    })
    const values = at(t, all, u)
    return x.map((_, k) => values.subarray(k * size, (k + 1) * size))
  }

  const map: OnnxMap = {
    start,
    twoTimes,
    byDifferences: dual === null,
    graphs: [
      { file: graph.file, run: (t, x) => [run(t, x, 0, names.f, null)] },
      ...(dual
        ? [
            {
              file: dual.file,
              run: (t: Float64Array, x: Float64Array, dx: Float64Array) =>
                [names.f, names.df].map((name) => run(t, x, 0, name, dx)),
            },
          ]
        : []),
    ],
    close: session.close,
    evaluate: (t, x, u = 0) => (t < start ? x.slice() : at(same(t, x), x, u)),
    jvp(t, x, dx, u = 0) {
      if (t < start) return { value: x.slice(), tangent: dx.slice() }
      if (!dual)
        return difference((places, points) => evaluateAll(places, points, u), t, x, dx, {
          dimension: d,
          speed: range.speedAt(t),
          from: Math.max(start, u),
          to: range.end,
        })
      const places = same(t, x)
      const F = run(places, x, u, names.f, null)
      const rate = run(places, x, u, names.df, dx)
      const tangent = output.kind === 'value' ? rate : rate.map((value, i) => dx[i] - F[i] - (t - u) * value)
      return { value: mapOf(F, places, x, u), tangent }
    },
  }
  unused.register(map, session)
  return map
}
