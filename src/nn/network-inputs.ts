import { type Tensor2D, tensor2d } from '@tensorflow/tfjs-core'
import { TIME_FEATURES, writeTimeFeatureRates, writeTimeFeatures } from './time-features.ts'

/**
 * Rows (y, time features) of a network's input.
 *
 * @param theta n angles
 * @param y n·d coordinates
 * @returns [n, d + features]
 */
export function networkInputs(theta: Float64Array, y: Float64Array): Tensor2D {
  const n = theta.length
  const d = y.length / n
  const columns = d + TIME_FEATURES
  const rows = new Float32Array(n * columns)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) rows[i * columns + j] = y[i * d + j]
    writeTimeFeatures(Math.sin(theta[i]), Math.cos(theta[i]), rows, i * columns + d)
  }
  return tensor2d(rows, [n, columns])
}

/**
 * The same with a tangent below each value: the derivatives of the inputs along (dθ, dy) = (1, rate).
 *
 * @param theta n angles
 * @param y n·d coordinates
 * @param rate n·d values, dy/dθ
 * @returns [2n, d + features], values on top, tangents below
 */
export function dualNetworkInputs(theta: Float64Array, y: Float64Array, rate: Float64Array): Tensor2D {
  const n = theta.length
  const d = y.length / n
  const columns = d + TIME_FEATURES
  const rows = new Float32Array(2 * n * columns)
  for (let i = 0; i < n; i++) {
    const value = i * columns
    const tangent = (n + i) * columns
    for (let j = 0; j < d; j++) {
      rows[value + j] = y[i * d + j]
      rows[tangent + j] = rate[i * d + j]
    }
    const sine = Math.sin(theta[i])
    const cosine = Math.cos(theta[i])
    writeTimeFeatures(sine, cosine, rows, value + d)
    writeTimeFeatureRates(sine, cosine, rows, tangent + d)
  }
  return tensor2d(rows, [2 * n, columns])
}
