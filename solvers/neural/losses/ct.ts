import { type Loss, valueResidual } from '../loss.ts'
import { coupledPoints, discreteBatch, previousAngles } from './pairs.ts'

/**
 * Consistency training: f(t_{n+1}, X₀ + t_{n+1} Z) is pulled towards f(t_n, X₀ + t_n Z) with the same X₀ and Z. No score is
 * needed. Fixed point with the squared L² metric: the conditional mean, which solves the transport equation with the added
 * viscosity ½ Δt Cov(Z|x) (docs/mathematics.md §4, eq. 7).
 */
export const ct: Loss = {
  name: 'ct',
  source:
    'Eulerian identity, discrete, one sample of the noise: Song et al. 2023 (arXiv:2303.01469), algorithm 3',
  cause: (intervals) =>
    `It couples points by their noise, not by the ODE: that acts as an artificial viscosity ½ Δt Cov(ε|x) (N = ${intervals}), which smears f between the modes.`,
  discrete: true,
  coupled: true,
  movingTarget: true,
  stepSize: ({ interval }) => interval,
  prepareTargets(points, context) {
    const { theta, y, weight } = points
    const previous = coupledPoints(points, previousAngles(theta, context.interval), context)
    return { theta, y, weight, previous }
  },
  batch: discreteBatch,
  residual: valueResidual,
}
