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
