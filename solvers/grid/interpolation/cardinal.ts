import type { Basis } from './basis.ts'

/**
 * Uniform B-splines of any odd degree by de Boor's recurrence (A Practical Guide to Splines, ch. X, eq. 15, on unit knots).
 * Degrees 1 and 5 have their own unrolled forms.
 */
export function cardinal(degree: 3 | 7 | 9): Basis {
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
