/** What a WENO reconstruction from 2r − 1 interval means is made of. */
interface WenoTables {
  /** [r][r] the weights of the means of stencil k in its value at the right end of the middle interval */
  readonly candidates: readonly (readonly number[])[]
  /** [r] the linear weights d_k, with which the stencils together have the full order */
  readonly linearWeights: readonly number[]
  /** [r][r − 1][r − 1] lower triangular L of stencil k: its smoothness indicator β_k is |Lᵀδ|², δ the differences of its means */
  readonly smoothness: readonly (readonly (readonly number[])[])[]
}

/** Coefficients of a polynomial, the constant first. */
type Polynomial = readonly number[]

/**
 * The tables of order 2r − 1 from their definitions (Shu 1998, ICASE report 97-65, §2.2: eq. 2.20, 2.54 and 2.61). The
 * smoothness, a sum of integrals of squares, is kept as a sum of squares of differences, so that it cannot come out
 * negative by cancellation.
 */
export function wenoTables(r: number): WenoTables {
  const stencils = Array.from({ length: r }, (_, k) => meansToPolynomial(k - r + 1, r))
  const full = meansToPolynomial(1 - r, 2 * r - 1).map((phi) => value(phi, 1))
  const candidates = stencils.map((phis) => phis.map((phi) => value(phi, 1)))
  const linearWeights: number[] = []
  for (let k = 0; k < r; k++) {
    // the k-th interval from the left occurs in stencils 0 … k only
    const known = linearWeights.reduce((sum, weight, j) => sum + weight * (candidates[j][k - j] ?? 0), 0)
    linearWeights.push((full[k] - known) / candidates[k][0])
  }
  return {
    candidates,
    linearWeights,
    smoothness: stencils.map((phis) => cholesky(smoothnessMatrix(phis))),
  }
}

/** φ_j: the polynomial Σ u_j φ_j has the means u_j on the `count` unit intervals from `first` on. */
function meansToPolynomial(first: number, count: number): Polynomial[] {
  // derivatives of the Lagrange polynomials through the ends of the intervals, for the integral of u
  const slopes = Array.from({ length: count + 1 }, (_, m) => {
    let lagrange: Polynomial = [1]
    for (let i = 0; i <= count; i++)
      if (i !== m) lagrange = multiply(lagrange, [-(first + i) / (m - i), 1 / (m - i)])
    return derivative(lagrange)
  })
  return Array.from({ length: count }, (_, j) => slopes.slice(j + 1).reduce(add))
}

/** Σ_l ∫_0^1 ψ_a^(l) ψ_b^(l) over the derivatives l ≥ 1, for the polynomials ψ that belong to differences of means. */
function smoothnessMatrix(phis: readonly Polynomial[]): number[][] {
  let psis = phis.slice(1).map((_, i) => phis.slice(i + 1).reduce(add))
  const matrix = psis.map(() => psis.map(() => 0))
  while (psis.some((psi) => psi.length > 1)) {
    psis = psis.map(derivative)
    for (let a = 0; a < psis.length; a++)
      for (let b = 0; b < psis.length; b++)
        matrix[a][b] += multiply(psis[a], psis[b]).reduce((sum, c, power) => sum + c / (power + 1), 0)
  }
  return matrix
}

function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const lower = matrix.map((row) => row.map(() => 0))
  for (let i = 0; i < matrix.length; i++)
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i][j]
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k]
      lower[i][j] = i === j ? Math.sqrt(rest) : rest / lower[j][j]
    }
  return lower
}

const value = (p: Polynomial, x: number): number => p.reduceRight((sum, c) => sum * x + c, 0)

const derivative = (p: Polynomial): Polynomial =>
  p.length > 1 ? p.slice(1).map((c, power) => c * (power + 1)) : [0]

const add = (p: Polynomial, q: Polynomial): Polynomial =>
  (p.length > q.length ? p : q).map((_, power) => (p[power] ?? 0) + (q[power] ?? 0))

function multiply(p: Polynomial, q: Polynomial): Polynomial {
  const product = new Array<number>(p.length + q.length - 1).fill(0)
  p.forEach((a, i) => {
    q.forEach((b, j) => {
      product[i + j] += a * b
    })
  })
  return product
}
