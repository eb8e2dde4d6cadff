import type { Moments } from '../../src/problem/density.ts'

// how far the moments of the data may be from those that a model was trained with
const TOLERANCE = 1e-9

/** Whether mean and covariance are those of the same data. */
export function sameMoments(a: Moments, b: Moments): boolean {
  if (a.mean.length !== b.mean.length) return false
  const near = (x: Float64Array, y: Float64Array, scale: number) =>
    x.every((value, i) => Math.abs(value - y[i]) <= TOLERANCE * scale)
  return near(a.mean, b.mean, a.scale) && near(a.eigenvalues, b.eigenvalues, a.trace)
}
