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
