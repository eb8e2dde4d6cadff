/**
 * Angles at which a table keeps the images of its nodes: Chebyshev–Lobatto points of panels of θ, neighbours sharing an end. A trajectory
 * turns sharply where the data's modes part, each at its own angle; panels are short there.
 */
export interface Levels {
  /** [P + 1] ascending ends of the panels, from 0 to the angle of the largest time */
  readonly ends: Float64Array
  /** The largest time. */
  readonly time: number
}

/** Degree of the polynomials in θ. */
export const DEGREE = 16

/** How far into a panel its point k is, k = 0 … DEGREE: 0 to 1. */
function share(k: number): number {
  return Math.sin((Math.PI * k) / (2 * DEGREE)) ** 2
}

/** The points of one panel. */
export function panelAngles(from: number, to: number): Float64Array {
  return Float64Array.from({ length: DEGREE + 1 }, (_, k) =>
    k === DEGREE ? to : from + share(k) * (to - from),
  )
}

/** The angles of levels 0 … K, K = P · DEGREE; level 0 is θ = 0. */
export function levelAngles({ ends }: Levels): Float64Array {
  const angles = new Float64Array((ends.length - 1) * DEGREE + 1)
  for (let panel = 0; panel + 1 < ends.length; panel++)
    angles.set(panelAngles(ends[panel], ends[panel + 1]), panel * DEGREE)
  return angles
}

/**
 * The polynomial through the levels of the panel around θ: the first of them, and the weights of its DEGREE + 1 levels by the barycentric formula
 * (Berrut and Trefethen 2004, eq. 4.2 with the weights 5.4).
 */
export function levelWeights({ ends }: Levels, theta: number): { first: number; weights: Float64Array } {
  const last = ends.length - 2
  let panel = 0
  while (panel < last && theta > ends[panel + 1]) panel++
  const first = panel * DEGREE
  const weights = new Float64Array(DEGREE + 1)
  const place = (theta - ends[panel]) / (ends[panel + 1] - ends[panel])
  let total = 0
  for (let k = 0; k <= DEGREE; k++) {
    const distance = place - share(k)
    if (distance === 0) return { first, weights: weights.fill(0).fill(1, k, k + 1) }
    weights[k] = ((k % 2 === 0 ? 1 : -1) * (k % DEGREE === 0 ? 0.5 : 1)) / distance
    total += weights[k]
  }
  return { first, weights: weights.map((weight) => weight / total) }
}
