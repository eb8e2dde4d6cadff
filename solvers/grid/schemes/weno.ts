import type { ButcherTableau } from '../../../src/numeric/butcher-tableau.ts'
import type { Degree } from '../../../src/numeric/interpolation/basis.ts'
import { memoizeLru } from '../../../src/numeric/memoize-lru.ts'
import { type LineScheme, lineScheme } from './line-scheme.ts'
import { wenoTables } from './weno-tables.ts'

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
