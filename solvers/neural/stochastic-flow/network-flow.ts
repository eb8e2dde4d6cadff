import type { Architecture } from '../../../src/nn/architecture.ts'
import { float64Network } from '../../../src/nn/float64/network.ts'
import { gaussianCoordinates } from '../../../src/nn/gaussian-coordinates.ts'
import type { Moments } from '../../../src/numeric/moments.ts'
import type { StochasticFlow } from './flow.ts'
import { outputCount } from './likelihood.ts'

/**
 * What a network's outputs are multiplied by: with these factors F = 0 is the answer for every Gaussian, and what it has to add
 * vanishes at both ends as theirs does.
 */
export function gains(theta: number): { readonly mean: number; readonly spread: number } {
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)]
  return { mean: sine * cosine ** 2, spread: sine * cosine }
}

/**
 * The stochastic flow of a network: with y and θ of the Gaussian skip (docs/mathematics.md §7.2), w = Λ^{-1/2} Vᵀ (X₀ − μ) is
 * Λ^{1/2} (Λ + t²)^{-1/2} y + t (Λ + t²)^{-1/2} e, and e given y is Gaussian with the mean and the inverse factor that the network says
 * (likelihood.ts). For Gaussian data e is standard normal. In float64, without a backend.
 *
 * @param weights in the order of the network's parameters
 */
export function networkFlow(
  architecture: Architecture,
  weights: readonly Float32Array[],
  moments: Moments,
): StochasticFlow {
  const coordinates = gaussianCoordinates(moments)
  const network = float64Network(architecture, weights)
  const { dimension: d, deviations } = coordinates
  const count = architecture.outputs ?? d
  const triangular = count === outputCount('cholesky', d)
  const column = new Float64Array(d)

  return {
    dimension: d,
    law(t, x) {
      const n = x.length / d
      const y = new Float64Array(x.length)
      coordinates.toY(t, x, y)
      const theta = coordinates.angle(t)
      const output = new Float64Array(n * count)
      network(new Float64Array(n).fill(theta), y, output)
      const gain = gains(theta)
      const factor = new Float64Array(x.length * d)
      const vector = new Float64Array(x.length)
      for (let row = 0; row < n; row++) {
        const from = row * count
        for (let i = 0; i < d; i++) {
          const spread = Math.hypot(deviations[i], t)
          const at = row * d + i
          y[at] = (deviations[i] * y[at] + t * gain.mean * output[from + i]) / spread
        }
        for (let j = 0; j < d; j++) {
          // column j of (I + l)^{-1} diag(e^{−a}), by forward substitution
          column.fill(0)
          for (let i = j; i < d; i++) {
            let value = i === j ? Math.exp(-gain.spread * output[from + d + i]) : 0
            if (triangular)
              for (let k = j; k < i; k++)
                value -= gain.spread * output[from + 2 * d + (i * (i - 1)) / 2 + k] * column[k]
            column[i] = value
            factor[(row * d + i) * d + j] = ((deviations[i] * t) / Math.hypot(deviations[i], t)) * column[i]
          }
        }
      }
      const mean = new Float64Array(x.length)
      coordinates.toMap(y, mean)
      turnColumns(factor, vector, (a, out) => coordinates.rotateBack(a, out), d)
      return { mean, factor }
    },
  }
}

/** Every column of the [n, d, d] matrices in the basis of the data. */
function turnColumns(
  factor: Float64Array,
  vector: Float64Array,
  turn: (a: Float64Array, out: Float64Array) => void,
  d: number,
): void {
  const turned = new Float64Array(vector.length)
  for (let j = 0; j < d; j++) {
    for (let at = 0; at < vector.length; at++) vector[at] = factor[at * d + j]
    turn(vector, turned)
    for (let at = 0; at < vector.length; at++) factor[at * d + j] = turned[at]
  }
}
