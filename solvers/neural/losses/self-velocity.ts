import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { Network } from '../../../src/nn/network.ts'
import { networkInputs } from '../../../src/nn/network-inputs.ts'

/** The velocity of a two-time map's own diagonal, ∂_φ Y(φ → φ, y) = −sin 2φ F(φ, φ, y), as n·d values. */
export function ownVelocity(
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
