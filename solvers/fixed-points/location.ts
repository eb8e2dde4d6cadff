/** The point v that minimises E M(|f − v|) over weighted atoms. */
export type Location = (
  atoms: Float64Array,
  weights: Float64Array,
  count: number,
  dimension: number,
  out: Float64Array,
) => void

/** The mean: M = s². */
export const mean: Location = (atoms, weights, count, d, out) => {
  out.fill(0)
  let total = 0
  for (let k = 0; k < count; k++) total += weights[k]
  for (let k = 0; k < count; k++)
    for (let i = 0; i < d; i++) out[i] += (weights[k] / total) * atoms[k * d + i]
}

const MOST_ITERATIONS = 200

/**
 * The minimum of E √(|f − v|² + c²), by iteratively reweighted means (Weiszfeld for c → 0, the geometric median).
 *
 * @param c above 0
 * @param tolerance the largest change of a coordinate at which the iteration ends
 */
export function pseudoHuber(c: number, tolerance = 1e-10): Location {
  return (atoms, weights, count, d, out) => {
    mean(atoms, weights, count, d, out)
    const next = new Float64Array(d)
    for (let pass = 0; pass < MOST_ITERATIONS; pass++) {
      next.fill(0)
      let total = 0
      for (let k = 0; k < count; k++) {
        let square = c * c
        for (let i = 0; i < d; i++) square += (atoms[k * d + i] - out[i]) ** 2
        const weight = weights[k] / Math.sqrt(square)
        total += weight
        for (let i = 0; i < d; i++) next[i] += weight * atoms[k * d + i]
      }
      let change = 0
      for (let i = 0; i < d; i++) {
        next[i] /= total
        change = Math.max(change, Math.abs(next[i] - out[i]))
        out[i] = next[i]
      }
      if (change < tolerance) return
    }
  }
}
