/**
 * out = x Mᵀ: every row of x multiplied by the matrix M, four rows at a time, so that M is read a quarter as often and
 * the sums do not wait for each other.
 *
 * @param M [k, d] row-major
 * @param x [n, d]
 * @param out [n, k], not x
 */
export function multiplyRows(M: Float64Array, d: number, x: Float64Array, out: Float64Array): void {
  const k = M.length / d
  const n = x.length / d
  let row = 0
  for (; row + 4 <= n; row += 4) {
    const a = row * d
    const b = a + d
    const c = b + d
    const e = c + d
    for (let i = 0, at = 0; i < k; i++) {
      let s0 = 0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      for (let j = 0; j < d; j++, at++) {
        const m = M[at]
        s0 += m * x[a + j]
        s1 += m * x[b + j]
        s2 += m * x[c + j]
        s3 += m * x[e + j]
      }
      out[row * k + i] = s0
      out[(row + 1) * k + i] = s1
      out[(row + 2) * k + i] = s2
      out[(row + 3) * k + i] = s3
    }
  }
  for (; row < n; row++)
    for (let i = 0, at = 0; i < k; i++) {
      let sum = 0
      for (let j = 0; j < d; j++, at++) sum += M[at] * x[row * d + j]
      out[row * k + i] = sum
    }
}

/** Mᵀ of a square matrix. */
export function transposed(M: Float64Array, d: number): Float64Array {
  const out = new Float64Array(M.length)
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[j * d + i] = M[i * d + j]
  return out
}
