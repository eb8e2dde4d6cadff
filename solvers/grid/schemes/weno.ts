import type { Integrator } from '../integrators/integrator.ts'
import type { Degree } from '../interpolation/spline-basis.ts'
import { type LineScheme, lineScheme } from './line-scheme.ts'
import { wenoTables } from './weno-tables.ts'

/**
 * Hamilton–Jacobi WENO of order 2r − 1 from r stencils of r intervals (Jiang and Peng 2000) with
 * the Z weights d_k (1 + (τ/β_k)²), τ = |β_0 − β_(r−1)|, of Castro, Costa and Don 2011, which keep the order at inflection points.
 */
export function weno(r: 2 | 4 | 5, integrator: Integrator, degree: Degree): LineScheme {
  const { candidates, shares, roughness } = wenoTables(r)
  const means = new Float64Array(2 * r - 1)
  const weights = Float64Array.from(candidates.flat())
  const factors = Float64Array.from(roughness.flat(2))
  const linear = Float64Array.from(shares)
  const rough = new Float64Array(r)

  /** The value at the right end of the middle interval of `means`. */
  function reconstruct(): number {
    for (let k = 0; k < r; k++) {
      let sum = 1e-99
      const first = k * (r - 1) * (r - 1)
      for (let b = 0; b < r - 1; b++) {
        let term = 0
        for (let a = b; a < r - 1; a++)
          term += factors[first + a * (r - 1) + b] * (means[k + a + 1] - means[k + a])
        sum += term * term
      }
      rough[k] = sum
    }
    const tau = Math.abs(rough[0] - rough[r - 1])
    let sum = 0
    let total = 0
    for (let k = 0; k < r; k++) {
      let candidate = 0
      for (let j = 0; j < r; j++) candidate += weights[k * r + j] * means[k + j]
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
    ghosts: r,
    degree,
    derivative(slopes, speed, n, out) {
      for (let j = 0; j < n; j++) {
        // interval j − 1, left of node j, is at slopes[j + r − 1]; from the right the stencil is the mirror image
        if (speed[j] > 0) for (let i = 0; i < 2 * r - 1; i++) means[i] = slopes[j + i]
        else for (let i = 0; i < 2 * r - 1; i++) means[i] = slopes[j + 2 * r - 1 - i]
        out[j] = reconstruct()
      }
    },
  })
}
