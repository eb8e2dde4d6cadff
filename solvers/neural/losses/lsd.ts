import { jump } from '../../../src/nn/flow-map.ts'
import { column } from '../points/training-points.ts'
import { withSampleVelocity } from '../sample-velocity.ts'
import { mostlyDiagonalArrival } from './arrivals.ts'
import { lagrangianBatch } from './lagrangian.ts'
import type { Loss } from './loss.ts'
import { dualResidual } from './residuals.ts'
import { ownVelocity } from './self-velocity.ts'

/**
 * Lagrangian self-distillation: ∂_u f(t → u, x) = a(u, f(t → u, x)), where the velocity is the map's own diagonal, held fixed,
 * and the diagonal regresses on one sample of the noise (docs/mathematics.md §2.2 L and T). No score. Fixed point with the
 * squared norm: the two-time map.
 */
export const lsd: Loss = {
  name: 'lsd',
  source:
    'Lagrangian identity, continuous, own diagonal trained by one sample of the noise: Boffi et al. 2025 (arXiv:2505.18825), LSD',
  cause: () =>
    'It learns the velocity from one sample of the noise and the jumps from that: what remains is what the network could not fit of either.',
  discrete: false,
  coupled: true,
  times: 2,
  arrival: mostlyDiagonalArrival,
  prepareTargets: (points, { coordinates }) => withSampleVelocity(points, coordinates),
  batch(points, { network, coordinates }, weights) {
    const { theta, y } = points
    const phi = column(points, 'arrival')
    const sample = column(points, 'velocity')
    const d = coordinates.dimension
    const reached = jump(network, weights, coordinates, theta, phi, y)
    const own = ownVelocity(network, weights, phi, reached)
    const target = own.map((value, i) => {
      const row = Math.floor(i / d)
      return theta[row] === phi[row] ? sample[i] : value
    })
    return lagrangianBatch(points, phi, target)
  },
  residual: dualResidual,
}
