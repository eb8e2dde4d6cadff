import { add, mul, reshape, sum, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core'
import { dualNetworkInputs } from '../../../src/nn/network-inputs.ts'
import { column } from '../points/training-points.ts'
import type { Loss } from './loss.ts'

/**
 * The residual of the transport equation (docs/mathematics.md §2, eq. 6) by one Jacobian–vector product along the exact
 * flow: with u = y + sin²θ F, du/dθ = v + sin 2θ F + sin²θ (∂_θ F + ∇F·v). Its gradient is the full one.
 */
export const pinn: Loss = {
  name: 'pinn',
  source:
    'Eulerian identity, continuous, exact score: transport equation (6); Song et al. 2023 (arXiv:2303.01469), theorem 3; EMD of Boffi et al. 2024 (arXiv:2406.07507)',
  discrete: false,
  coupled: false,
  complete(points, { velocity }) {
    if (points.velocity) return points
    const v = new Float64Array(points.y.length)
    velocity.at(points.theta, points.y, v)
    return { ...points, velocity: v }
  },
  batch({ theta, y, ...rest }) {
    const velocity = column({ theta, y, ...rest }, 'velocity')
    const n = theta.length
    const factors = new Float32Array(2 * n)
    for (let i = 0; i < n; i++) {
      const sine = Math.sin(theta[i])
      factors[i] = 2 * sine * Math.cos(theta[i])
      factors[n + i] = sine * sine
    }
    return {
      inputs: dualNetworkInputs(theta, y, velocity),
      velocity: tensor2d(Float32Array.from(velocity), [n, y.length / n]),
      factors: tensor2d(factors, [2 * n, 1]),
    }
  },
  residual(network, weights, { inputs, velocity, factors }) {
    const F = network.dualForward(weights, inputs)
    const [rows, d] = F.shape
    const terms = reshape(mul(F, factors), [2, rows / 2, d])
    return add(sum(terms, 0), velocity) as Tensor2D
  },
}
