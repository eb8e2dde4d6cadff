import { InputError } from '../errors.ts'
import type { Moments, Times } from '../problem/density.ts'

// eigenvalues below this share of the largest count as 0: the data has no extent in that direction
const NEGLIGIBLE = 1e-14

/**
 * The coordinates of the Gaussian skip (docs/mathematics.md §7): θ = arctan(t/c) and
 * y = (Σ + t² I)^{-1/2} (x − μ), written in the eigenbasis of Σ = V Λ Vᵀ: y = (Λ + t² I)^{-1/2} Vᵀ (x − μ), so that every
 * power of Σ + t² I is a factor a coordinate. A map u(θ, y) stands for f = μ + V Λ^{1/2} u, and u = y is the exact map of
 * every Gaussian. y has unit variance at every t. All batches are row-major, [n, d].
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
  const none = new Float64Array(d)
  const z = new Float64Array(d)

  /** z = Vᵀ (row − shift) */
  function turn(rows: Float64Array, start: number, shift: Float64Array): void {
    z.fill(0)
    for (let i = 0, at = 0; i < d; i++) {
      const value = rows[start + i] - shift[i]
      for (let j = 0; j < d; j++, at++) z[j] += V[at] * value
    }
  }

  /** row of out = shift + V z */
  function turnBack(out: Float64Array, start: number, shift: Float64Array): void {
    for (let i = 0, at = 0; i < d; i++) {
      let sum = 0
      for (let j = 0; j < d; j++, at++) sum += V[at] * z[j]
      out[start + i] = shift[i] + sum
    }
  }

  function whiten(t: Times, a: Float64Array, out: Float64Array, shift: Float64Array): void {
    for (let start = 0, row = 0; start < a.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      turn(a, start, shift)
      for (let j = 0; j < d; j++) {
        const variance = variances[j] + time * time
        out[start + j] = variance > 0 ? z[j] / Math.sqrt(variance) : 0
      }
    }
  }

  function map(u: Float64Array, out: Float64Array, shift: Float64Array): void {
    for (let start = 0; start < u.length; start += d) {
      for (let j = 0; j < d; j++) z[j] = deviations[j] * u[start + j]
      turnBack(out, start, shift)
    }
  }

  return {
    moments,
    dimension: d,
    deviations,
    angle: (t) => Math.atan2(t, c),
    time: (theta) => c * Math.tan(theta),
    toY: (t, x, out) => whiten(t, x, out, mean),
    direction: (t, a, out) => whiten(t, a, out, none),
    toX(t, y, out) {
      for (let start = 0, row = 0; start < y.length; start += d, row++) {
        const time = typeof t === 'number' ? t : t[row]
        for (let j = 0; j < d; j++) z[j] = Math.sqrt(variances[j] + time * time) * y[start + j]
        turnBack(out, start, mean)
      }
    },
    toMap: (u, out) => map(u, out, mean),
    toMapRate: (u, out) => map(u, out, none),
    rotate(a, out) {
      for (let start = 0; start < a.length; start += d) {
        turn(a, start, none)
        out.set(z, start)
      }
    },
  }
}
