import { tensor2d } from '@tensorflow/tfjs-core'
import { dualNetworkInputs } from '../../../src/nn/networks.ts'
import { dualResidual, type Loss } from '../loss.ts'
import { column } from '../training-points.ts'
import { withFlowVelocity } from '../velocity.ts'

/**
 * The residual of the transport equation (docs/mathematics.md §2, eq. 6) by one Jacobian–vector product along the exact
 * flow: with u = y + sin²θ F, du/dθ = v + sin 2θ F + sin²θ (∂_θ F + ∇F·v). Its gradient is the full one.
 */
export const pinnLoss: Loss = {
  name: 'pinn',
  source:
    'Eulerian identity, continuous, exact score: transport equation (6); Song et al. 2023 (arXiv:2303.01469), theorem 3; EMD of Boffi et al. 2024 (arXiv:2406.07507)',
  cause: () =>
    'It minimises the residual of the transport equation itself: what remains is what the network could not fit.',
  discrete: false,
  coupled: false,
  prepareTargets: (points, { velocity }) => withFlowVelocity(points, velocity),
  batch(points) {
    const { theta, y } = points
    const velocity = column(points, 'velocity')
    const n = theta.length
    const factors = new Float32Array(2 * n)
    for (let i = 0; i < n; i++) {
      const sine = Math.sin(theta[i])
      factors[i] = 2 * sine * Math.cos(theta[i])
      factors[n + i] = sine * sine
    }
    return {
      inputs: dualNetworkInputs(theta, y, velocity),
      base: tensor2d(Float32Array.from(velocity), [n, y.length / n]),
      factors: tensor2d(factors, [2 * n, 1]),
    }
  },
  residual: dualResidual,
}
