import type { Architecture } from '../architecture.ts'
import {
  ADDITIVE_GAIN,
  ADDITIVE_TIME_WIDTH,
  ROLES,
  TIME_FEATURES,
  writeTimeFeatures,
} from '../architecture.ts'
import type { Weights } from './steps.ts'

/**
 * The additive part of ../networks.ts in float64, Σ_k c_jk tanh(e^{a_jk} (y_j − b_jk)) for coordinate j: adds it to `out`. What depends on the
 * angle alone is computed once for equal angles that follow each other.
 */
export function additivePart(
  { dimension: d, units = 0 }: Architecture,
  weights: Weights,
): (theta: Float64Array, y: Float64Array, out: Float64Array) => void {
  const [W, w] = [weights('additive.time.weight'), weights('additive.time.bias')]
  const stored = weights('additive.units')
  const m = ADDITIVE_TIME_WIDTH
  const width = ROLES * units
  const features = new Float64Array(TIME_FEATURES)
  const tau = new Float64Array(m)
  const table = new Float64Array(d * width)
  let made = Number.NaN

  function prepare(theta: number): void {
    made = theta
    writeTimeFeatures(Math.sin(theta), Math.cos(theta), features, 0)
    for (let k = 0; k < m; k++) {
      let sum = w[k]
      for (let i = 0; i < TIME_FEATURES; i++) sum += features[i] * W[i * m + k]
      tau[k] = Math.tanh(sum)
    }
    for (let j = 0; j < d; j++)
      for (let u = 0; u < width; u++) {
        const at = j * (m + 1) * width + u
        let sum: number = stored[at + m * width]
        for (let k = 0; k < m; k++) sum += tau[k] * stored[at + k * width]
        // the slope itself in place of its logarithm
        table[j * width + u] = u < units ? Math.exp(ADDITIVE_GAIN * sum) : ADDITIVE_GAIN * sum
      }
  }

  return (theta, y, out) => {
    for (let row = 0; row < theta.length; row++) {
      if (theta[row] !== made) prepare(theta[row])
      for (let j = 0; j < d; j++) {
        const at = j * width
        const value = y[row * d + j]
        let sum = 0
        for (let u = at; u < at + units; u++)
          sum += table[u + 2 * units] * Math.tanh(table[u] * (value - table[u + units]))
        out[row * d + j] += sum
      }
    }
  }
}
