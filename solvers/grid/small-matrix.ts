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
