/** Uniform B-splines of one degree on unit knots: what a spline through node values is made of. */
export interface Basis {
  readonly degree: number
  /** The degree + 1 B-splines that do not vanish on a cell, at 0 ≤ u ≤ 1 in it, into out[offset …]. */
  values(u: number, out: Float64Array, offset: number): void
  /** Their derivatives by u. */
  derivatives(u: number, out: Float64Array, offset: number): void
  /** The B-splines at a node: what interpolation equates with the node's value. */
  readonly atNode: readonly number[]
}

/** Degree 1: linear interpolation; the coefficients are the values. */
export const linear: Basis = {
  degree: 1,
  atNode: [1],
  values(u, out, offset) {
    out[offset] = 1 - u
    out[offset + 1] = u
  },
  derivatives(_u, out, offset) {
    out[offset] = -1
    out[offset + 1] = 1
  },
}

/** Degree 5 (the cardinal B-spline of de Boor, A Practical Guide to Splines, ch. X, written out by powers of u). */
export const quintic: Basis = {
  degree: 5,
  atNode: [1 / 120, 26 / 120, 66 / 120, 26 / 120, 1 / 120],
  values(u, out, offset) {
    const u2 = u * u
    const u4 = u2 * u2
    const v = 1 - u
    const v2 = v * v
    const v4 = v2 * v2
    out[offset] = (v4 * v) / 120
    out[offset + 1] = (26 + u * (-50 + u * (20 + u * (20 + u * (-20 + 5 * u))))) / 120
    out[offset + 2] = (66 + u2 * (-60 + u2 * (30 - 10 * u))) / 120
    out[offset + 3] = (66 + v2 * (-60 + v2 * (30 - 10 * v))) / 120
    out[offset + 4] = (1 + u * (5 + u * (10 + u * (10 + u * (5 - 5 * u))))) / 120
    out[offset + 5] = (u4 * u) / 120
  },
  derivatives(u, out, offset) {
    const u2 = u * u
    const v = 1 - u
    const v2 = v * v
    // differences of the quartic B-splines
    const q0 = (v2 * v2) / 24
    const q1 = (11 + u * (-12 + u * (-6 + u * (12 - 4 * u)))) / 24
    const q2 = (11 + u * (12 + u * (-6 + u * (-12 + 6 * u)))) / 24
    const q3 = (1 + u * (4 + u * (6 + u * (4 - 4 * u)))) / 24
    const q4 = (u2 * u2) / 24
    out[offset] = -q0
    out[offset + 1] = q0 - q1
    out[offset + 2] = q1 - q2
    out[offset + 3] = q2 - q3
    out[offset + 4] = q3 - q4
    out[offset + 5] = q4
  },
}

/** The degrees of splines that grids are evaluated by. */
export type Degree = 1 | 3 | 5 | 7 | 9

/** The B-splines of a degree. */
export function splineBasis(degree: Degree): Basis {
  if (degree === 1) return linear
  return degree === 5 ? quintic : cardinal(degree)
}

/** Nodes an axis below which the not-a-knot conditions of the two ends would meet; at least 8. */
export function fewestNodes(degree: Degree): number {
  return Math.max(8, degree + 1)
}

/**
 * Uniform B-splines of any odd degree by de Boor's recurrence (A Practical Guide to Splines, ch. X, eq. 15, on unit knots).
 * Degrees 1 and 5 have their own unrolled forms.
 */
function cardinal(degree: 3 | 7 | 9): Basis {
  /** The p + 1 splines of degree p at u. */
  function raise(p: number, u: number, out: Float64Array, offset: number): void {
    out[offset] = 1
    for (let k = 1; k <= p; k++) {
      // from the last to the first, so that each value is used before it is replaced
      out[offset + k] = 0
      for (let j = k; j >= 0; j--) {
        const left = j > 0 ? ((u + k - j) / k) * out[offset + j - 1] : 0
        const right = j < k ? ((j + 1 - u) / k) * out[offset + j] : 0
        out[offset + j] = left + right
      }
    }
  }

  const nodeValues = new Float64Array(degree + 1)
  raise(degree, 0, nodeValues, 0)

  return {
    degree,
    atNode: [...nodeValues.subarray(0, degree)],
    values: (u, out, offset) => raise(degree, u, out, offset),
    derivatives(u, out, offset) {
      raise(degree - 1, u, out, offset)
      out[offset + degree] = out[offset + degree - 1]
      for (let j = degree - 1; j > 0; j--) out[offset + j] = out[offset + j - 1] - out[offset + j]
      out[offset] = -out[offset]
    },
  }
}

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
