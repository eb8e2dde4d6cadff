import type { ButcherTableau } from '../../../src/numeric/butcher-tableau.ts'
import type { Degree } from '../interpolation/spline-basis.ts'
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
  const { shares, candidates, roughness } = wenoTables(r)
  const weights = Float64Array.from(candidates.flatMap((row, k) => byDifferences(row, k)))
  const factors = Float64Array.from(roughness.flat(2))
  const linear = Float64Array.from(shares)
  const tables = Float64Array.of(...linear, ...weights, ...factors)
  const rough = new Float64Array(r)

  /** How far f half an interval downstream of a node is above f there, from the 2r − 2 differences from `first` on, `way` apart. */
  function beyond(differences: Float64Array, first: number, way: number): number {
    for (let k = 0; k < r; k++) {
      let sum = 1e-99
      const matrix = k * (r - 1) * (r - 1)
      for (let b = 0; b < r - 1; b++) {
        let term = 0
        for (let a = b; a < r - 1; a++)
          term += factors[matrix + a * (r - 1) + b] * differences[first + (k + a) * way]
        sum += term * term
      }
      rough[k] = sum
    }
    const tau = Math.abs(rough[0] - rough[r - 1])
    let sum = 0
    let total = 0
    for (let k = 0; k < r; k++) {
      let candidate = 0
      for (let a = 0; a < r - 1; a++)
        candidate += weights[k * (r - 1) + a] * differences[first + (k + a) * way]
      const ratio = tau / rough[k]
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
    kernel: { stencils: r, tables },
    derivative(slopes, speed, n, out) {
      for (let j = 0; j < n; j++) {
        // interval j − 1, left of node j, is at slopes[j + r − 1]; from the right the stencil is the mirror image
        const way = speed[j] > 0 ? 1 : -1
        const first = speed[j] > 0 ? j : j + 2 * r - 1
        const upstream = slopes[first + (r - 1) * way]
        out[j] = upstream + (beyond(slopes, first + way, way) - beyond(slopes, first, way))
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
