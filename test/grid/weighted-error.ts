import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exactMap } from '../../src/exact/exact.ts'
import type { Density } from '../../src/problem/density.ts'
import { observedOrder } from '../characteristics/observed-order.ts'

/** Two overlapping modes: the layer of f is about as wide as a standard deviation. */
export const smoothLine = createProblem({
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [0.8, 0.8] },
}).density

/** The same in the plane, rotated, with an exact map. */
export const smoothPlane = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'product',
    marginals: [
      { weights: [0.5, 0.5], means: [-1, 1], stds: [0.9, 0.9] },
      { weights: [0.3, 0.7], means: [1, -0.6], stds: [0.8, 1] },
    ],
    rotation: [
      [Math.cos(0.4), Math.sin(0.4)],
      [-Math.sin(0.4), Math.cos(0.4)],
    ],
  },
}).density

/** Two modes that nearly merge: the layer of f is wider than a standard deviation. */
export const mildLine = createProblem({
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1, 1], stds: [1, 1] },
}).density

/** Points on a lattice over |y_i| ≤ 4 that is no multiple of any grid of a test, and the values of p_t there. */
function lattice(density: Density, t: number): { x: Float64Array; weights: Float64Array } {
  const { dimension: d, moments } = density
  const across = d === 1 ? 1499 : 89
  const r = Math.hypot(moments.scale, t)
  const x = new Float64Array(across ** d * d)
  for (let at = 0; at < x.length; at++) {
    const step = Math.floor(Math.floor(at / d) / across ** (at % d)) % across
    x[at] = moments.mean[at % d] + r * (-4 + (8 * (step + 0.37)) / across)
  }
  const weights = new Float64Array(across ** d)
  density.logDensity?.(t, x, weights)
  return { x, weights: weights.map(Math.exp) }
}

/** √E|f̂ − f|² under p_t at the largest time, by quadrature, against the exact map. */
export async function rootMeanSquare(method: Method, density: Density, t: number): Promise<number> {
  const { x, weights } = lattice(density, t)
  const truth = exactMap(density)?.(t, x) ?? new Float64Array(0)
  const map = await method.solveVe(density, { time: t, seed: 0 })
  const f = map.evaluate(t, x)
  let sum = 0
  let total = 0
  for (let row = 0; row < weights.length; row++) {
    total += weights[row]
    for (let i = row * density.dimension; i < (row + 1) * density.dimension; i++)
      sum += weights[row] * (f[i] - truth[i]) ** 2
  }
  return Math.sqrt(sum / total)
}

/** The observed order of the last two grids. */
export async function orderOf(
  method: (nodes: number) => Method,
  density: Density,
  t: number,
  nodes: readonly number[],
): Promise<number> {
  const errors: number[] = []
  for (const count of nodes) errors.push(await rootMeanSquare(method(count), density, t))
  return observedOrder(
    nodes.map((count) => count - 1),
    errors,
  )
}
