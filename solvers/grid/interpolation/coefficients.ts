import { type BandSolver, factorBand } from './band-matrix.ts'
import type { Basis } from './basis.ts'

/** (−1)^k·C(6, k) / 20: a sixth difference of coefficients is the jump of the fifth derivative at a knot. */
const SIXTH_DIFFERENCE = [1, -6, 15, -20, 15, -6, 1].map((value) => value / 20)

/**
 * The B-spline coefficients of the spline through node values on a uniform tensor grid, axis by axis. Degree 5 has
 * not-a-knot ends (the fifth derivative continues through the first two and last two inner nodes), which keep the
 * full order up to the boundary (de Boor, A Practical Guide to Splines, ch. XIII).
 *
 * @param values [nodes^d, width] node values, the last axis fastest
 * @returns [(nodes + degree − 1)^d, width]
 */
export function splineCoefficients(
  basis: Basis,
  values: Float64Array,
  nodes: number,
  dimension: number,
  width: number,
): Float64Array {
  if (basis.degree === 1) return values
  const extended = nodes + basis.degree - 1
  const solve = interpolation(basis, nodes)
  const line = new Float64Array(extended)
  let current = values
  for (let axis = 0; axis < dimension; axis++) {
    // axes before this one already have `extended` entries
    const outer = extended ** axis
    const inner = nodes ** (dimension - 1 - axis) * width
    const next = new Float64Array(outer * extended * inner)
    for (let i = 0; i < outer; i++)
      for (let j = 0; j < inner; j++) {
        line.fill(0)
        for (let k = 0; k < nodes; k++) line[k + 2] = current[(i * nodes + k) * inner + j]
        solve(line)
        for (let k = 0; k < extended; k++) next[(i * extended + k) * inner + j] = line[k]
      }
    current = next
  }
  return current
}

/** The interpolation conditions of degree 5: two end conditions, one condition a node, two end conditions. */
function interpolation(basis: Basis, nodes: number): BandSolver {
  const inner = Array.from({ length: nodes }, (_, first) => ({ first, values: basis.atNode }))
  const end = (first: number) => ({ first, values: SIXTH_DIFFERENCE })
  return factorBand([end(0), end(1), ...inner, end(nodes - 4), end(nodes - 3)], 6)
}
