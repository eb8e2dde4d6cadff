import { InputError } from '../errors.ts'
import { multiplyRows, transposed } from '../numeric/matrix.ts'
import type { Moments } from '../numeric/moments.ts'

// eigenvalues below this share of the largest count as 0: the data has no extent in that direction
const NEGLIGIBLE = 1e-14

/** One time for all rows, or one per row. */
type Times = number | Float64Array

/**
 * The coordinates of the Gaussian skip (docs/mathematics.md §7): θ = arctan(t/c) and
 * y = (Σ + t² I)^{-1/2} (x − μ), written in the eigenbasis of Σ = V Λ Vᵀ: y = (Λ + t² I)^{-1/2} Vᵀ (x − μ), so that every
 * power of Σ + t² I is a factor a coordinate. A map u(θ, y) stands for f = μ + V Λ^{1/2} u, and u = y is the exact map of
 * every Gaussian. y has unit variance at every t. All batches are row-major, [n, d]; `out` is
 * written and is not the input.
 */
export interface GaussianCoordinates {
  readonly moments: Moments
  readonly dimension: number
  /** √λ_j, 0 in directions in which the data has no extent. */
  readonly deviations: Float64Array
  /** θ of a time. */
  angle(t: number): number
  /** t of an angle in [0, π/2). */
  time(theta: number): number
  /** out = y at (t, x). Where t = 0 and the data has no extent, 0. */
  toY(t: Times, x: Float64Array, out: Float64Array): void
  /** out = x at (t, y). */
  toX(t: Times, y: Float64Array, out: Float64Array): void
  /** out = (Λ + t² I)^{-1/2} Vᵀ a, for a vector a in x-space such as ẋ: `toY` without the mean. */
  direction(t: number, a: Float64Array, out: Float64Array): void
  /** out = μ + V Λ^{1/2} u. */
  toMap(u: Float64Array, out: Float64Array): void
  /** out = V Λ^{1/2} u: `toMap` for a derivative of u. */
  toMapRate(u: Float64Array, out: Float64Array): void
  /** out = Vᵀ a. */
  rotate(a: Float64Array, out: Float64Array): void
  /** out = V a. */
  rotateBack(a: Float64Array, out: Float64Array): void
}

/** @throws InputError when the data is a single point: there is no scale to measure time in */
export function gaussianCoordinates(moments: Moments): GaussianCoordinates {
  const { mean, eigenvalues, eigenvectors: V, scale: c } = moments
  const d = mean.length
  const largest = eigenvalues.reduce((most, value) => Math.max(most, value), 0)
  if (!(largest > 0))
    throw new InputError('the covariance of the data', 0, 'data that is more than one point')
  const variances = eigenvalues.map((value) => (value > NEGLIGIBLE * largest ? value : 0))
  const deviations = variances.map(Math.sqrt)
  const turned = !isIdentity(V, d)
  const transpose = turned ? transposed(V, d) : V
  const multiply = (M: Float64Array, x: Float64Array, out: Float64Array): void => {
    if (turned) multiplyRows(M, d, x, out)
    else out.set(x)
  }
  let scratch = new Float64Array(0)

  /** A copy of the rows to change, in memory that is used again. */
  function copied(rows: Float64Array): Float64Array {
    if (scratch.length !== rows.length) scratch = new Float64Array(rows.length)
    scratch.set(rows)
    return scratch
  }

  /** Divides the coordinates of every row by √(λ_j + t²); 0 stands where that is 0. */
  function divide(t: Times, rows: Float64Array): void {
    for (let start = 0, row = 0; start < rows.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      for (let j = 0; j < d; j++) {
        const variance = variances[j] + time * time
        rows[start + j] = variance > 0 ? rows[start + j] / Math.sqrt(variance) : 0
      }
    }
  }

  function toMapRate(u: Float64Array, out: Float64Array): void {
    const z = copied(u)
    for (let start = 0; start < z.length; start += d)
      for (let j = 0; j < d; j++) z[start + j] *= deviations[j]
    multiply(V, z, out)
  }

  function addMean(rows: Float64Array): void {
    for (let start = 0; start < rows.length; start += d)
      for (let j = 0; j < d; j++) rows[start + j] += mean[j]
  }

  return {
    moments,
    dimension: d,
    deviations,
    angle: (t) => Math.atan2(t, c),
    time: (theta) => c * Math.tan(theta),
    toY(t, x, out) {
      const centred = copied(x)
      for (let start = 0; start < x.length; start += d)
        for (let j = 0; j < d; j++) centred[start + j] -= mean[j]
      multiply(transpose, centred, out)
      divide(t, out)
    },
    direction(t, a, out) {
      multiply(transpose, a, out)
      divide(t, out)
    },
    toX(t, y, out) {
      const z = copied(y)
      for (let start = 0, row = 0; start < y.length; start += d, row++) {
        const time = typeof t === 'number' ? t : t[row]
        for (let j = 0; j < d; j++) z[start + j] *= Math.sqrt(variances[j] + time * time)
      }
      multiply(V, z, out)
      addMean(out)
    },
    toMap(u, out) {
      toMapRate(u, out)
      addMean(out)
    },
    toMapRate,
    rotate: (a, out) => multiply(transpose, a, out),
    rotateBack: (a, out) => multiply(V, a, out),
  }
}

function isIdentity(V: Float64Array, d: number): boolean {
  return V.every((value, i) => value === (i % (d + 1) === 0 ? 1 : 0))
}
