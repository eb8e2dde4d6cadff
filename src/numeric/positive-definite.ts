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
