import { tensor2d } from '@tensorflow/tfjs-core'
import { networkInputs } from '../../../src/nn/network-inputs.ts'
import { noiseTargets } from '../noise-targets.ts'
import { column, withColumns } from '../points/training-points.ts'
import type { Loss, LossContext } from './loss.ts'
import { valueResidual } from './residuals.ts'

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
