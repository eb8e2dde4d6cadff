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

/** Writes the inverse of the row-major d × d matrix a (d from 1 to 3) into out; returns the determinant. */
export function invert(a: Float64Array, d: number, out: Float64Array): number {
  if (d === 1) {
    out[0] = 1 / a[0]
    return a[0]
  }
  if (d === 2) {
    const determinant = a[0] * a[3] - a[1] * a[2]
    const factor = 1 / determinant
    out[0] = factor * a[3]
    out[1] = -factor * a[1]
    out[2] = -factor * a[2]
    out[3] = factor * a[0]
    return determinant
  }
  const c0 = a[4] * a[8] - a[5] * a[7]
  const c1 = a[5] * a[6] - a[3] * a[8]
  const c2 = a[3] * a[7] - a[4] * a[6]
  const determinant = a[0] * c0 + a[1] * c1 + a[2] * c2
  const factor = 1 / determinant
  out[0] = factor * c0
  out[1] = factor * (a[2] * a[7] - a[1] * a[8])
  out[2] = factor * (a[1] * a[5] - a[2] * a[4])
  out[3] = factor * c1
  out[4] = factor * (a[0] * a[8] - a[2] * a[6])
  out[5] = factor * (a[2] * a[3] - a[0] * a[5])
  out[6] = factor * c2
  out[7] = factor * (a[1] * a[6] - a[0] * a[7])
  out[8] = factor * (a[0] * a[4] - a[1] * a[3])
  return determinant
}

/**
 * The inverse of a symmetric positive definite matrix by its Cholesky factor, and the logarithm of its determinant.
 *
 * @param matrix [q, q]; its lower triangle is overwritten
 * @param out [q, q]
 * @returns log det, NaN where the matrix is not positive definite
 */
export function invertPositive(matrix: Float64Array, q: number, out: Float64Array): number {
  let logDeterminant = 0
  for (let i = 0; i < q; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * q + j]
      for (let l = 0; l < j; l++) sum -= matrix[i * q + l] * matrix[j * q + l]
      if (i === j) {
        logDeterminant += Math.log(sum)
        matrix[i * q + i] = Math.sqrt(sum)
      } else matrix[i * q + j] = sum / matrix[j * q + j]
    }
  // L⁻¹ in place, then its product with its transpose
  for (let j = 0; j < q; j++) {
    matrix[j * q + j] = 1 / matrix[j * q + j]
    for (let i = j + 1; i < q; i++) {
      let sum = 0
      for (let l = j; l < i; l++) sum -= matrix[i * q + l] * matrix[l * q + j]
      matrix[i * q + j] = sum / matrix[i * q + i]
    }
  }
  for (let i = 0; i < q; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let l = i; l < q; l++) sum += matrix[l * q + i] * matrix[l * q + j]
      out[i * q + j] = out[j * q + i] = sum
    }
  return logDeterminant
}

const MOST_SWEEPS = 40
const SMALL = 2e-16

/**
 * Turns the columns of a [d, q] row-major matrix until they are orthogonal, in place: F ← F V with V orthogonal, so that F Fᵀ stays. One-sided
 * Jacobi rotations, which keep small columns beside large ones accurate (Hestenes 1958; Demmel and Veselić 1992).
 */
export function orthogonaliseColumns(F: Float64Array, q: number): void {
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let turned = false
    for (let a = 0; a < q; a++)
      for (let b = a + 1; b < q; b++) {
        let [aa, bb, ab] = [0, 0, 0]
        for (let at = 0; at < F.length; at += q) {
          aa += F[at + a] * F[at + a]
          bb += F[at + b] * F[at + b]
          ab += F[at + a] * F[at + b]
        }
        if (!(Math.abs(ab) > SMALL * Math.sqrt(aa * bb))) continue
        turned = true
        const zeta = (bb - aa) / (2 * ab)
        const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta))
        const c = 1 / Math.hypot(1, t)
        const s = c * t
        for (let at = 0; at < F.length; at += q) {
          const [first, second] = [F[at + a], F[at + b]]
          F[at + a] = c * first - s * second
          F[at + b] = s * first + c * second
        }
      }
    if (!turned) return
  }
}
