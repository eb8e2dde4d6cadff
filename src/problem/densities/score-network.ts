import type { Architecture } from '../../nn/architecture.ts'
import { float64Network } from '../../nn/float64/network.ts'
import { gaussianCoordinates } from '../../nn/gaussian-coordinates.ts'
import type { Moments } from '../../numeric/moments.ts'
import type { Density, Times } from '../density.ts'

/** What a score network knows of a density. */
type ScoreNetwork = Required<Pick<Density, 'dimension' | 'terms' | 'moments' | 'score' | 'denoiser'>>

// weights of the float64 network that take the time of one exponential of a mixture in 2-D
const TERM_WEIGHTS = 6

/**
 * Score and denoiser of a network F with the Gaussian skip: with y = (Λ + t² I)^{-1/2} Vᵀ (x − μ) and θ = arctan(t/c), by
 * docs/mathematics.md §7.4, s = V (Λ + t² I)^{-1/2} (−y + Λ^{1/2} G/t) and D = μ + V Λ^{1/2} (Λ + t² I)^{-1/2} (Λ^{1/2} y + t G),
 * G = sinθ cos²θ F = t c² (c² + t²)^{-3/2} F. F = 0 is every Gaussian. In float64; there is a score at t = 0 too.
 *
 * @param weights in the order of the network's parameters
 */
export function scoreNetwork(
  architecture: Architecture,
  weights: readonly Float32Array[],
  moments: Moments,
): ScoreNetwork {
  const coordinates = gaussianCoordinates(moments)
  const network = float64Network(architecture, weights)
  const { dimension: d, deviations } = coordinates
  const c = moments.scale
  let y = new Float64Array(0)
  let F = new Float64Array(0)
  let angles = new Float64Array(0)

  /** G/(t F). */
  function gainOf(t: number): number {
    return c ** 2 / Math.hypot(c, t) ** 3
  }

  /** y and F at (t, x). */
  function evaluate(t: Times, x: Float64Array): void {
    if (y.length !== x.length) {
      y = new Float64Array(x.length)
      F = new Float64Array(x.length)
      angles = new Float64Array(x.length / d)
    }
    coordinates.toY(t, x, y)
    if (typeof t === 'number') angles.fill(coordinates.angle(t))
    else for (let i = 0; i < t.length; i++) angles[i] = coordinates.angle(t[i])
    network(angles, y, F)
  }

  return {
    dimension: d,
    terms: Math.ceil(weights.reduce((sum, { length }) => sum + length, 0) / TERM_WEIGHTS),
    moments,
    score(t, x, out) {
      evaluate(t, x)
      for (let i = 0, row = 0; i < x.length; row++) {
        const time = typeof t === 'number' ? t : t[row]
        const gain = gainOf(time)
        for (let j = 0; j < d; j++, i++) {
          const spread = Math.hypot(deviations[j], time)
          // at t = 0 there is no score in a direction without extent
          y[i] = spread > 0 ? (deviations[j] * gain * F[i] - y[i]) / spread : 0
        }
      }
      coordinates.rotateBack(y, out)
    },
    denoiser(t, x, out) {
      evaluate(t, x)
      for (let i = 0, row = 0; i < x.length; row++) {
        const time = typeof t === 'number' ? t : t[row]
        const gain = time * time * gainOf(time)
        for (let j = 0; j < d; j++, i++) {
          const spread = Math.hypot(deviations[j], time)
          y[i] = spread > 0 ? (deviations[j] * y[i] + gain * F[i]) / spread : 0
        }
      }
      coordinates.toMap(y, out)
    },
  }
}
