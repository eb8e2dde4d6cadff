/** A place on an axis around which nodes are to lie densely, and how wide the dense part is. */
export interface Mark {
  readonly at: number
  readonly width: number
}

/**
 * How nodes are distributed along an axis: equally in s(z) = Σ asinh((z − at)/width) over the marks, so that their density is
 * ds/dz = Σ ((z − at)² + width²)^{−1/2}: that of a mode where there is one, falling off with the distance from it.
 */
export interface Grading {
  readonly marks: readonly Mark[]
  /** Ends of the axis. */
  readonly low: number
  readonly high: number
}

/** A relative change of s in an iteration below which the next is exact. */
const CLOSE = 1e-9
const ITERATIONS = 80

/** s(z) */
export function gradedPlace(grading: Grading, z: number): number {
  let sum = 0
  for (const { at, width } of grading.marks) sum += Math.asinh((z - at) / width)
  return sum
}

function density(grading: Grading, z: number): number {
  let sum = 0
  for (const { at, width } of grading.marks) sum += 1 / Math.hypot(z - at, width)
  return sum
}

/** The inverse of s on the axis: Newton's method from a table, with bisection where a step would leave the bracket. */
export function gradedAxis(grading: Grading, cells = 256): (s: number) => number {
  const { low, high } = grading
  const first = gradedPlace(grading, low)
  const last = gradedPlace(grading, high)
  const invert = (s: number, from: number, to: number): number => {
    if (s <= first) return low + (s - first) / density(grading, low)
    if (s >= last) return high + (s - last) / density(grading, high)
    let left = from
    let right = to
    let z = (left + right) / 2
    for (let i = 0; i < ITERATIONS; i++) {
      const residual = gradedPlace(grading, z) - s
      if (residual > 0) right = z
      else left = z
      const next = z - residual / density(grading, z)
      const inside = next >= left && next <= right
      z = inside ? next : (left + right) / 2
      if (inside && Math.abs(residual) <= CLOSE) break
    }
    return z
  }
  const table = new Float64Array(cells + 1)
  for (let k = 1; k < cells; k++)
    table[k] = invert(first + ((last - first) * k) / cells, table[k - 1] || low, high)
  table[0] = low
  table[cells] = high
  return (s) => {
    const cell = Math.min(Math.max(Math.floor(((s - first) / (last - first)) * cells), 0), cells - 1)
    return invert(s, table[Math.max(cell - 1, 0)], table[Math.min(cell + 2, cells)])
  }
}
