import type { Basis } from './basis.ts'

/**
 * The B-spline coefficients of the spline through node values on a uniform tensor grid, axis by axis. Degree p > 1 has
 * not-a-knot ends (the p-th derivative continues through the first and last (p − 1)/2 inner nodes), which keep the
 * full order up to the boundary (de Boor, A Practical Guide to Splines, ch. XIII).
 *
 * @param values [nodes^d, width] node values, the last axis fastest
 * @param solve `splineSolver(basis, nodes)`, where it is at hand; not needed for degree 1
 * @returns [(nodes + degree − 1)^d, width]
 */
export function splineCoefficients(
  basis: Basis,
  values: Float64Array,
  nodes: number,
  dimension: number,
  width: number,
  solve: BandSolver | undefined = basis.degree === 1 ? undefined : splineSolver(basis, nodes),
): Float64Array {
  if (!solve) return values
  const extended = nodes + basis.degree - 1
  const line = new Float64Array(extended)
  const ends = (basis.degree - 1) / 2
  let current = values
  for (let axis = 0; axis < dimension; axis++) {
    // axes before this one already have `extended` entries
    const outer = extended ** axis
    const inner = nodes ** (dimension - 1 - axis) * width
    const next = new Float64Array(outer * extended * inner)
    for (let i = 0; i < outer; i++)
      for (let j = 0; j < inner; j++) {
        line.fill(0)
        for (let k = 0; k < nodes; k++) line[k + ends] = current[(i * nodes + k) * inner + j]
        solve(line)
        for (let k = 0; k < extended; k++) next[(i * extended + k) * inner + j] = line[k]
      }
    current = next
  }
  return current
}

/** The interpolation conditions: (degree − 1)/2 end conditions, one condition a node, as many end conditions. */
export function splineSolver({ degree, atNode }: Basis, nodes: number): BandSolver {
  const ends = (degree - 1) / 2
  const inner = Array.from({ length: nodes }, (_, first) => ({ first, values: atNode }))
  const end = (first: number) => ({ first, values: jump(degree) })
  const before = Array.from({ length: ends }, (_, k) => end(k))
  const after = Array.from({ length: ends }, (_, k) => end(nodes - 2 - ends + k))
  return factorBand([...before, ...inner, ...after], degree + 1)
}

/**
 * (−1)^k·C(p + 1, k): this difference of coefficients is the jump of the p-th derivative at a knot. Scaled to be of the size of
 * the other conditions.
 */
function jump(degree: number): number[] {
  const row = [1]
  for (let k = 0; k <= degree; k++) row.push((-row[k] * (degree + 1 - k)) / (k + 1))
  const largest = Math.max(...row.map(Math.abs))
  return row.map((value) => value / largest)
}

/** A factored band matrix: solves for one right-hand side in place. */
export type BandSolver = (rhs: Float64Array) => void

/**
 * Factors a square band matrix by Gaussian elimination with partial pivoting.
 *
 * @param rows the band of every row: the column of its first value, and its values
 * @param reach the largest distance of a non-zero value from the diagonal
 */
export function factorBand(
  rows: readonly { readonly first: number; readonly values: readonly number[] }[],
  reach: number,
): BandSolver {
  const n = rows.length
  // row i holds columns i − reach … i + 2·reach: pivoting fills in up to twice the reach to the right
  const width = 3 * reach + 1
  const band = new Float64Array(n * width)
  const at = (i: number, j: number) => i * width + j - i + reach
  rows.forEach(({ first, values }, i) => {
    values.forEach((value, k) => {
      band[at(i, first + k)] = value
    })
  })
  const pivots = new Int32Array(n)
  const factors = new Float64Array(n * reach)
  for (let k = 0; k < n; k++) {
    const lastRow = Math.min(n - 1, k + reach)
    const lastColumn = Math.min(n - 1, k + 2 * reach)
    let pivot = k
    for (let i = k + 1; i <= lastRow; i++)
      if (Math.abs(band[at(i, k)]) > Math.abs(band[at(pivot, k)])) pivot = i
    pivots[k] = pivot
    if (pivot !== k)
      for (let j = k; j <= lastColumn; j++) {
        const swapped = band[at(k, j)]
        band[at(k, j)] = band[at(pivot, j)]
        band[at(pivot, j)] = swapped
      }
    for (let i = k + 1; i <= lastRow; i++) {
      const factor = band[at(i, k)] / band[at(k, k)]
      factors[k * reach + i - k - 1] = factor
      if (factor !== 0) for (let j = k; j <= lastColumn; j++) band[at(i, j)] -= factor * band[at(k, j)]
    }
  }
  return (rhs) => {
    for (let k = 0; k < n; k++) {
      const value = rhs[pivots[k]]
      rhs[pivots[k]] = rhs[k]
      rhs[k] = value
      const lastRow = Math.min(n - 1, k + reach)
      for (let i = k + 1; i <= lastRow; i++) rhs[i] -= factors[k * reach + i - k - 1] * value
    }
    for (let k = n - 1; k >= 0; k--) {
      let value = rhs[k]
      const lastColumn = Math.min(n - 1, k + 2 * reach)
      for (let j = k + 1; j <= lastColumn; j++) value -= band[at(k, j)] * rhs[j]
      rhs[k] = value / band[at(k, k)]
    }
  }
}
