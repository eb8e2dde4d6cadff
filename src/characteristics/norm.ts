import type { Tolerances } from './adaptive-steps.ts'

/**
 * The error of a step: the largest over rows of the root mean square of a row's error estimate, relative to
 * atol + rtol · max|y| with the maximum over the row's components before and after the step. NaN when any estimate is.
 */
export function errorNorm(
  estimates: readonly Float64Array[],
  before: Float64Array,
  after: Float64Array,
  dimension: number,
  { rtol, atol }: Tolerances,
): number {
  const main = estimates[0] as Float64Array
  const second = estimates[1]
  let worst = 0
  for (let start = 0; start < main.length; start += dimension) {
    let square = 0
    let largest = 0
    for (let i = start; i < start + dimension; i++) {
      square += main[i] * main[i]
      const a = Math.abs(before[i])
      const b = Math.abs(after[i])
      if (a > largest) largest = a
      if (b > largest) largest = b
    }
    const tolerance = atol + rtol * largest
    let error = square
    if (second && square > 0) {
      let other = 0
      for (let i = start; i < start + dimension; i++) other += second[i] * second[i]
      error = (square * square) / (square + 0.01 * other)
    }
    error /= tolerance * tolerance
    if (!(error <= worst)) {
      if (Number.isNaN(error)) return Number.NaN
      worst = error
    }
  }
  return Math.sqrt(worst / dimension)
}

/** The largest over rows of the root mean square of a row of v, relative to atol + rtol · max|y|. */
export function scaledNorm(
  v: Float64Array,
  y: Float64Array,
  dimension: number,
  { rtol, atol }: Tolerances,
): number {
  let worst = 0
  for (let start = 0; start < v.length; start += dimension) {
    let square = 0
    let largest = 0
    for (let i = start; i < start + dimension; i++) {
      square += v[i] * v[i]
      largest = Math.max(largest, Math.abs(y[i]))
    }
    const tolerance = atol + rtol * largest
    worst = Math.max(worst, square / (tolerance * tolerance))
  }
  return Math.sqrt(worst / dimension)
}
