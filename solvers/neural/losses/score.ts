import { tensor2d } from '@tensorflow/tfjs-core'
import type { GaussianCoordinates } from '../../../src/nn/gaussian-coordinates.ts'
import { networkInputs } from '../../../src/nn/networks.ts'
import { type Loss, type LossContext, valueResidual } from '../loss.ts'
import { column, type TrainingPoints, withColumns } from '../training-points.ts'

/**
 * Denoising score matching: the network is no map but a denoiser, D = D_Gauss + V Λ^{1/2} (Λ + t² I)^{-1/2} t G with
 * G = sinθ cos²θ F(θ, y), and G regresses on what X₀ adds to the denoiser of the Gaussian, in units in which its variance is 1 at every time
 * for Gaussian data (docs/mathematics.md §7.4). Fixed point: the denoiser of the data; F = 0 for every Gaussian. No score is needed.
 */
export const scoreMatching: Loss = {
  name: 'score',
  source:
    'denoising score matching: Vincent 2011 (doi:10.1162/NECO_a_00142); unit-variance targets as in Karras et al. 2022 (arXiv:2206.00364), with the denoiser of the Gaussian as skip',
  cause: () => 'It is a denoiser: its error is that of its own flow, which is integrated.',
  discrete: false,
  coupled: true,
  learns: 'score',
  prepareTargets: (points, { coordinates }: LossContext) =>
    withColumns({ ...points, target: noiseTargets(points, coordinates) }, 'target'),
  batch(points) {
    const { theta, y } = points
    const target = column(points, 'target')
    const n = theta.length
    return {
      inputs: networkInputs(theta, y),
      factors: tensor2d(
        Float32Array.from(theta, (angle) => Math.sin(angle) * Math.cos(angle) ** 2),
        [n, 1],
      ),
      base: tensor2d(
        Float32Array.from(target, (value) => -value),
        [n, y.length / n],
      ),
    }
  },
  residual: valueResidual,
}

/**
 * What a score network regresses on, n·d values: with X₀ = μ + V Λ^{1/2} w and the noise V z, (t w − Λ^{1/2} z)(Λ + t² I)^{-1/2} in the
 * eigenbasis of Σ. It has unit variance at every time, and for Gaussian data it is independent of y, with mean 0. Its mean
 * given y is what the denoiser adds to that of the Gaussian, over Λ^{1/2} (Λ + t² I)^{-1/2} t.
 */
function noiseTargets(points: TrainingPoints, coordinates: GaussianCoordinates): Float64Array {
  const { dimension: d, deviations, moments } = coordinates
  const start = column(points, 'start').map((value, i) => value - moments.mean[i % d])
  const [w, z] = [new Float64Array(start.length), new Float64Array(start.length)]
  coordinates.rotate(start, w)
  coordinates.rotate(column(points, 'noise'), z)
  const target = new Float64Array(start.length)
  for (let i = 0, row = 0; i < target.length; row++) {
    const t = coordinates.time(points.theta[row])
    for (let j = 0; j < d; j++, i++) {
      const deviation = deviations[j]
      // along a direction in which the data has no extent the denoiser is the mean
      if (deviation > 0) target[i] = ((t * w[i]) / deviation - deviation * z[i]) / Math.hypot(deviation, t)
    }
  }
  return target
}
