import { checkTangents } from '../../../src/certificate/check-tangents.ts'
import { BadInput } from '../../../src/io/bad-input.ts'
import { drawNoised } from '../../../src/metrics/carried-sample.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import type { Reduced } from './described-map.ts'
import type { Graph } from './onnx-map.ts'

/** Points of a batch; any number does that is not d. */
const BATCH = 7
/** Times and points of each at which a dual graph is looked at. */
const TIMES = 12
const ROWS = 32
/** Runs of single precision may differ by so much, as shares of how far values are apart and of the largest. */
const APART = 1e-4
const ROUNDING = 2 ** -18

/**
 * Looks at ONNX graphs where the data is: the rows of f must not depend on each other, a dual graph must have the same f, and its
 * derivatives must be those of f.
 *
 * @param time the largest time of the VE problem
 * @throws InputError naming the graph
 */
export function checkGraph(
  { map, place }: Reduced,
  graphs: readonly Graph[],
  density: Density,
  time: number,
): void {
  const { dimension: d, moments } = density
  const random = Random.stream(0, 'the check of a graph')
  const [from, to] = [map.startTime ?? 0, time].map((t) => Math.atan2(t, moments.scale))
  const timeAt = (share: number) => moments.scale * Math.tan(from + share * (to - from))

  const count = BATCH === d ? BATCH + 1 : BATCH
  const places = Array.from({ length: count }, (_, row) => {
    const tau = timeAt((row + 0.5) / count)
    return place(tau, drawNoised(density, tau, 1, random))
  })
  const t = Float64Array.from(places, (one) => one.t)
  const x = Float64Array.from(places.flatMap((one) => Array.from(one.x)))
  const dx = Float64Array.from(x, () => random.normal())
  for (const { file, run } of graphs) {
    const batch = run(t, x, dx)
    const singly = batch.map((values) => values.slice())
    for (let row = 0; row < count; row++) {
      const own = (all: Float64Array) => all.slice(row * d, (row + 1) * d)
      for (const [k, values] of run(t.slice(row, row + 1), own(x), own(dx)).entries())
        singly[k].set(values, row * d)
    }
    for (const [k, values] of batch.entries())
      if (!near(values, singly[k], d))
        throw new BadInput(
          file,
          'has rows that depend on each other: a point gives other values alone than among others',
          'f of shape [n, d], a row for each row of t and x',
        )
  }
  const [graph, dual] = graphs
  if (!dual) return
  const [own] = graph.run(t, x, dx)
  const [other] = dual.run(t, x, dx)
  if (!near(other, own, d))
    throw new BadInput(
      dual.file,
      `has another f than ${graph.file}: [${shown(other, d)}] at a point where that has [${shown(own, d)}]`,
      'the dual graph of the same network',
    )
  const times = Float64Array.from({ length: TIMES }, (_, k) => timeAt(k / (TIMES - 1)))
  const positions = Array.from(times, (at) => drawNoised(density, at, ROWS, random))
  checkTangents(dual.file, map, density, { times, positions })
}

/** Whether two runs for the same points gave the same, n·d values each. */
function near(a: Float64Array, b: Float64Array, d: number): boolean {
  const n = b.length / d
  const means = Float64Array.from({ length: d }, (_, j) =>
    b.reduce((sum, v, i) => sum + (i % d === j ? v / n : 0), 0),
  )
  const most = (of: (value: number, i: number) => number) =>
    b.reduce((all, v, i) => Math.max(all, of(v, i)), 0)
  const allowed = APART * most((value, i) => Math.abs(value - means[i % d])) + ROUNDING * most(Math.abs)
  // what is not finite says nothing here
  return !a.some((value, i) => Math.abs(value - b[i]) > allowed)
}

function shown(values: Float64Array, d: number): string {
  return Array.from(values.subarray(0, Math.min(d, 4)), (value) => value.toPrecision(6)).join(', ')
}
