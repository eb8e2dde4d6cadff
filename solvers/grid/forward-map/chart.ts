import { type Grading, gradedAxis, gradedPlace } from './grading.ts'

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
