import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import { jump } from '../../../src/nn/flow-map.ts'
import { type Network, networkInputs } from '../../../src/nn/networks.ts'
import { dualResidual, type Loss } from '../loss.ts'
import { column } from '../training-points.ts'
import { withSampleVelocity } from '../velocity.ts'
import { lagrangianBatch } from './lagrangian.ts'
import { mostlyDiagonalArrival } from './time-laws.ts'

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

/** The velocity of a two-time map's own diagonal, ∂_φ Y(φ → φ, y) = −sin 2φ F(φ, φ, y), as n·d values. */
function ownVelocity(
  network: Network,
  weights: readonly Tensor[],
  phi: Float64Array,
  y: Float64Array,
): Float64Array {
  const d = y.length / phi.length
  const F = tidy(() => network.forward(weights, networkInputs(phi, y, phi)))
  const out = Float64Array.from(F.dataSync(), (value, i) => -Math.sin(2 * phi[Math.floor(i / d)]) * value)
  F.dispose()
  return out
}
