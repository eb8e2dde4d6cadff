/** Coordinates of starts y(0) in which the nodes of a patch are uniform: along axes of its own, graded to the modes there. */
export interface Chart {
  /** [d] y(0) where the axes meet */
  readonly origin: Float64Array
  /** [d, d], column j the unit vector of axis j */
  readonly axes: Float64Array
  /** One an axis, in distances from the origin. */
  readonly gradings: readonly Grading[]
}

/** A chart with what evaluates it, in place on rows of d coordinates. */
export interface ChartMap {
  toStart(rows: Float64Array): void
  fromStart(rows: Float64Array): void
}

export function chartMap({ origin, axes, gradings }: Chart): ChartMap {
  const d = origin.length
  const inverses = gradings.map((grading) => gradedAxis(grading))
  const z = new Float64Array(d)
  return {
    toStart(rows) {
      for (let row = 0; row < rows.length; row += d) {
        for (let j = 0; j < d; j++) z[j] = inverses[j](rows[row + j])
        for (let i = 0; i < d; i++) {
          let sum = origin[i]
          for (let j = 0; j < d; j++) sum += axes[i * d + j] * z[j]
          rows[row + i] = sum
        }
      }
    },
    fromStart(rows) {
      for (let row = 0; row < rows.length; row += d) {
        z.fill(0)
        for (let i = 0; i < d; i++)
          for (let j = 0; j < d; j++) z[j] += axes[i * d + j] * (rows[row + i] - origin[i])
        for (let j = 0; j < d; j++) rows[row + j] = gradedPlace(gradings[j], z[j])
      }
    },
  }
}

/** A place on an axis around which nodes are to lie densely, and how wide the dense part is. */
export interface Mark {
  readonly at: number
  readonly width: number
}

/**
 * How nodes are distributed along an axis: equally in s(z) = Σ asinh((z − at)/width) over the marks, so that their density is
 * ds/dz = Σ ((z − at)² + width²)^{−1/2}: that of a mode where there is one, falling off with the distance from it.
 */
interface Grading {
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
function gradedAxis(grading: Grading, cells = 256): (s: number) => number {
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
