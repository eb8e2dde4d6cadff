import { column } from '../points/training-points.ts'
import { discreteBatch, discreteResidual, previousAngles } from './discrete.ts'
import type { Loss } from './loss.ts'

/**
 * Consistency training: f(t_{n+1}, X₀ + t_{n+1} Z) is pulled towards f(t_n, X₀ + t_n Z) with the same X₀ and Z, by squared
 * L². No score is needed. Fixed point: the conditional mean, which solves the transport equation with the added viscosity
 * ½ Δt Cov(Z|x) (docs/mathematics.md §4, eq. 7).
 */
export const ct: Loss = {
  name: 'ct',
  source:
    'Eulerian identity, discrete, one sample of the noise: Song et al. 2023 (arXiv:2303.01469), algorithm 3',
  discrete: true,
  coupled: true,
  complete(points, { coordinates, interval }) {
    const { theta, y, weight } = points
    const start = column(points, 'start')
    const noise = column(points, 'noise')
    const d = coordinates.dimension
    const times = previousAngles(theta, interval).map(coordinates.time)
    const x = new Float64Array(y.length)
    for (let i = 0; i < x.length; i++) x[i] = start[i] + times[Math.floor(i / d)] * noise[i]
    const previous = new Float64Array(y.length)
    coordinates.toY(times, x, previous)
    return { theta, y, weight, previous }
  },
  batch: discreteBatch,
  residual: discreteResidual,
}
