import { type Tensor2D, tensor2d } from '@tensorflow/tfjs-core'
import { TIME_FEATURES, writeTimeFeatureRates, writeTimeFeatures } from './architecture.ts'
import type { Network } from './networks.ts'

/** The direction of a derivative: dθ, dφ, and n·d values dy, null for 0. */
interface Direction {
  readonly theta: number
  readonly phi: number
  readonly y: Float64Array | null
}

/** φ = 0 in as many rows as θ has for a two-time network, null for the network of a consistency function. */
export function arrivalAtStart({ architecture }: Network, theta: Float64Array): Float64Array | null {
  return architecture.times ? new Float64Array(theta.length) : null
}

/**
 * Rows of a network's input: y, the time features of θ and, for a two-time network, those of φ.
 *
 * @param theta n angles
 * @param y n·d coordinates
 * @param phi n angles to go to, or null
 * @returns [n, d + features]
 */
export function networkInputs(
  theta: Float64Array,
  y: Float64Array,
  phi: Float64Array | null = null,
): Tensor2D {
  const n = theta.length
  const d = y.length / n
  const columns = d + (phi ? 2 : 1) * TIME_FEATURES
  const rows = new Float32Array(n * columns)
  for (let i = 0; i < n; i++) {
    const at = i * columns
    for (let j = 0; j < d; j++) rows[at + j] = y[i * d + j]
    writeTimeFeatures(Math.sin(theta[i]), Math.cos(theta[i]), rows, at + d)
    if (phi) writeTimeFeatures(Math.sin(phi[i]), Math.cos(phi[i]), rows, at + d + TIME_FEATURES)
  }
  return tensor2d(rows, [n, columns])
}

/**
 * The same with a tangent below each value: the derivatives of the inputs along (dθ, dy) = (1, rate), φ fixed.
 *
 * @param theta n angles
 * @param y n·d coordinates
 * @param rate n·d values, dy/dθ
 * @param phi n angles to go to, or null
 * @returns [2n, d + features], values on top, tangents below
 */
export function dualNetworkInputs(
  theta: Float64Array,
  y: Float64Array,
  rate: Float64Array,
  phi: Float64Array | null = null,
): Tensor2D {
  return directedInputs(theta, y, phi, { theta: 1, phi: 0, y: rate })
}

/** As `dualNetworkInputs`, along any direction. */
export function directedInputs(
  theta: Float64Array,
  y: Float64Array,
  phi: Float64Array | null,
  direction: Direction,
): Tensor2D {
  const n = theta.length
  const d = y.length / n
  const columns = d + (phi ? 2 : 1) * TIME_FEATURES
  const rows = new Float32Array(2 * n * columns)
  for (let i = 0; i < n; i++) {
    const value = i * columns
    const tangent = (n + i) * columns
    for (let j = 0; j < d; j++) rows[value + j] = y[i * d + j]
    if (direction.y) for (let j = 0; j < d; j++) rows[tangent + j] = direction.y[i * d + j]
    writeDualFeatures(theta[i], direction.theta, rows, value + d, tangent + d)
    if (phi)
      writeDualFeatures(phi[i], direction.phi, rows, value + d + TIME_FEATURES, tangent + d + TIME_FEATURES)
  }
  return tensor2d(rows, [2 * n, columns])
}

/** Features of an angle at `value` and `speed` times their derivatives at `tangent`. */
function writeDualFeatures(
  angle: number,
  speed: number,
  rows: Float32Array,
  value: number,
  tangent: number,
): void {
  const sine = Math.sin(angle)
  const cosine = Math.cos(angle)
  writeTimeFeatures(sine, cosine, rows, value)
  writeTimeFeatureRates(sine, cosine, rows, tangent)
  if (speed !== 1) for (let k = 0; k < TIME_FEATURES; k++) rows[tangent + k] *= speed
}
