import type { ButcherTableau } from '../../../src/numeric/butcher-tableau.ts'
import type { Degree } from '../../../src/numeric/interpolation/splines.ts'
import { memoizeLru } from '../../../src/numeric/memoize-lru.ts'
import { euler } from '../../../src/numeric/tableaux/low-order.ts'
import { type LineScheme, lineScheme } from './line-scheme.ts'
import { wenoTables } from './weno-tables.ts'

/**
 * First-order upwind: the one-sided difference on the side the flow comes from, with forward Euler in θ.
 * Monotone for Courant numbers up to 1. (Courant, Isaacson and Rees 1952.)
 */
export const upwindScheme = lineScheme({
  name: 'upwind',
  order: 1,
  integrator: euler,
  courant: 0.9,
  mostCourant: 1,
  ghosts: 1,
  degree: 1,
  kernel: { stencils: 1, tables: () => new Float64Array(0) },
  derivative(slopes, speed, n, out) {
    for (let j = 0; j < n; j++) out[j] = speed[j] > 0 ? slopes[j] : slopes[j + 1]
  },
})

/**
 * WENO of order 2r − 1 in finite differences, f_y = (f̂_(j+½) − f̂_(j−½))/h, from r stencils of r nodes (Jiang and Shu 1996) with
 * the Z weights d_k (1 + (τ/β_k)²), τ = |β_0 − β_(r−1)|, of Castro, Costa and Don 2011, which keep the order at inflection points.
 */
export function weno(
  r: 2 | 4 | 5,
  integrator: ButcherTableau,
  degree: Degree,
  limits: { readonly courant: number; readonly mostCourant: number },
): LineScheme {
  const indicators = new Float64Array(r)

  /** How far f half an interval downstream of a node is above f there, from the 2r − 2 differences from `first` on, `way` apart. */
  function faceIncrement(
    { linear, weights, factors }: FlatTables,
    differences: Float64Array,
    first: number,
    way: number,
  ): number {
    for (let k = 0; k < r; k++) {
      let sum = 1e-99
      const matrix = k * (r - 1) * (r - 1)
      for (let b = 0; b < r - 1; b++) {
        let term = 0
        for (let a = b; a < r - 1; a++)
          term += factors[matrix + a * (r - 1) + b] * differences[first + (k + a) * way]
        sum += term * term
      }
      indicators[k] = sum
    }
    const tau = Math.abs(indicators[0] - indicators[r - 1])
    let sum = 0
    let total = 0
    for (let k = 0; k < r; k++) {
      let candidate = 0
      for (let a = 0; a < r - 1; a++)
        candidate += weights[k * (r - 1) + a] * differences[first + (k + a) * way]
      const ratio = tau / indicators[k]
      const weight = linear[k] * (1 + ratio * ratio)
      sum += weight * candidate
      total += weight
    }
    return sum / total
  }

  return lineScheme({
    name: `weno${2 * r - 1}`,
    order: 2 * r - 1,
    integrator,
    ...limits,
    ghosts: r,
    degree,
    kernel: { stencils: r, tables: () => flatTables(r).all },
    derivative(slopes, speed, n, out) {
      const tables = flatTables(r)
      for (let j = 0; j < n; j++) {
        // interval j − 1, left of node j, is at slopes[j + r − 1]; from the right the stencil is the mirror image
        const way = speed[j] > 0 ? 1 : -1
        const first = speed[j] > 0 ? j : j + 2 * r - 1
        const upstream = slopes[first + (r - 1) * way]
        out[j] =
          upstream +
          (faceIncrement(tables, slopes, first + way, way) - faceIncrement(tables, slopes, first, way))
      }
    },
  })
}

/** The weights of r values, the node's own among them at place r − 1 − k, as weights of the r − 1 differences between them. */
function byDifferences(row: readonly number[], k: number): number[] {
  const own = row.length - 1 - k
  return row
    .slice(1)
    .map((_, m) =>
      m < own
        ? -row.slice(0, m + 1).reduce((sum, weight) => sum + weight, 0)
        : row.slice(m + 1).reduce((sum, weight) => sum + weight, 0),
    )
}

type FlatTables = ReturnType<typeof flatTables>

/** The tables of r stencils, made when first used. */
const flatTables = memoizeLru((r) => {
  const { linearWeights, candidates, smoothness } = wenoTables(r)
  const linear = Float64Array.from(linearWeights)
  const weights = Float64Array.from(candidates.flatMap((row, k) => byDifferences(row, k)))
  const factors = Float64Array.from(smoothness.flat(2))
  return { linear, weights, factors, all: Float64Array.of(...linear, ...weights, ...factors) }
}, 4)

/**
 * WENO5 in finite differences (Jiang and Shu 1996) with the Z weights of Borges, Carmona, Costa and Don 2008: fifth order in h
 * where f is smooth, and the order of its integrator in Δθ. The derivative is the difference of values between the nodes,
 * f̂_(j+½) − f̂_(j−½): at a jump less is smeared than by the form for Hamilton–Jacobi equations, which is made for kinks.
 */
export function weno5(
  name: string,
  integrator: ButcherTableau,
  limits: { readonly courant: number; readonly mostCourant: number },
): LineScheme {
  return lineScheme({
    name,
    order: 5,
    integrator,
    ...limits,
    ghosts: 3,
    degree: 5,
    kernel: { stencils: 3, tables: () => new Float64Array(0) },
    derivative(slopes, speed, n, out) {
      for (let j = 0; j < n; j++) {
        // interval j is at slopes[j + 3]; from the left the stencil is intervals j − 3 … j + 1, from the right its mirror
        out[j] =
          speed[j] > 0
            ? combine(slopes[j], slopes[j + 1], slopes[j + 2], slopes[j + 3], slopes[j + 4])
            : combine(slopes[j + 5], slopes[j + 4], slopes[j + 3], slopes[j + 2], slopes[j + 1])
      }
    },
  })
}

function combine(a: number, b: number, c: number, d: number, e: number): number {
  return c + (faceIncrement(b, c, d, e) - faceIncrement(a, b, c, d))
}

/**
 * How far f half an interval downstream of a node is above f there, from the differences p, q before and r, s behind the node. Four
 * times the smoothness of the papers, and all weights over the product of the smoothnesses, so that there is one division.
 */
function faceIncrement(p: number, q: number, r: number, s: number): number {
  const epsilon = 1e-12 * Math.max(p * p, q * q, r * r, s * s) + 1e-40
  const s1 = smoothness(q - p, 3 * q - p, epsilon)
  const s2 = smoothness(r - q, q + r, epsilon)
  const s3 = smoothness(s - r, 3 * r - s, epsilon)
  const tau = (s1 - s3) * (s1 - s3)
  const s12 = s1 * s2
  const s13 = s1 * s3
  const s23 = s2 * s3
  const w1 = (s1 * s1 + tau) * (s23 * s23)
  const w2 = 6 * ((s2 * s2 + tau) * (s13 * s13))
  const w3 = 3 * ((s3 * s3 + tau) * (s12 * s12))
  const sum = w1 * (5 * q - (p + p)) + w2 * (q + (r + r)) + w3 * (4 * r - s)
  return sum / (6 * (w1 + w2 + w3))
}

function smoothness(bend: number, slope: number, epsilon: number): number {
  return (13 / 3) * (bend * bend) + slope * slope + epsilon
}
