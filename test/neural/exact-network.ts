import { type Tensor2D, tensor2d } from '@tensorflow/tfjs-core'
import type { LossContext } from '../../solvers/neural/loss.ts'
import { gap } from '../../src/nn/flow-map.ts'
import type { Network } from '../../src/nn/networks.ts'

const STEPS = 32
const STEP = 1e-4

/** A network that is the exact map of 1-D data, by Runge–Kutta steps in float64, with tangents by central differences. */
export function exactNetwork({ network, velocity }: LossContext): Network {
  const two = network.architecture.times === 2

  /** Y at φ of every row from y at θ. */
  function carried(theta: Float64Array, phi: Float64Array, y: Float64Array): Float64Array {
    const out = y.slice()
    const [k1, k2, k3, k4] = Array.from({ length: 4 }, () => new Float64Array(y.length))
    const h = theta.map((angle, i) => (phi[i] - angle) / STEPS)
    const at = (k: number) => theta.map((angle, i) => angle + k * h[i])
    const moved = (k: Float64Array, share: number) => out.map((value, i) => value + share * h[i] * k[i])
    for (let step = 0; step < STEPS; step++) {
      velocity.at(at(step), out, k1)
      velocity.at(at(step + 0.5), moved(k1, 0.5), k2)
      velocity.at(at(step + 0.5), moved(k2, 0.5), k3)
      velocity.at(at(step + 1), moved(k3, 1), k4)
      for (let i = 0; i < out.length; i++) out[i] += (h[i] / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i])
    }
    return out
  }

  function F(theta: Float64Array, phi: Float64Array, y: Float64Array): Float64Array {
    const Y = carried(theta, phi, y)
    const v = new Float64Array(y.length)
    velocity.at(theta, y, v)
    return Y.map((value, i) =>
      Math.abs(theta[i] - phi[i]) < 1e-6
        ? // at the start nothing moves, whatever F
          -v[i] / Math.max(1e-12, Math.sin(2 * theta[i]))
        : (value - y[i]) / gap(theta[i], phi[i]),
    )
  }

  /** y, θ and φ of rows of inputs, or their tangents: the fifth feature of a time is its angle. */
  function read(inputs: Tensor2D, from: number, to: number) {
    const rows = inputs.dataSync()
    const columns = inputs.shape[1]
    const take = (column: number) =>
      Float64Array.from({ length: to - from }, (_, i) => rows[(from + i) * columns + column])
    return { y: take(0), theta: take(5), phi: two ? take(12) : new Float64Array(to - from) }
  }

  return {
    ...network,
    forward(_, inputs) {
      const { theta, phi, y } = read(inputs, 0, inputs.shape[0])
      return tensor2d(Float32Array.from(F(theta, phi, y)), [y.length, 1])
    },
    dualForward(_, inputs) {
      const n = inputs.shape[0] / 2
      const value = read(inputs, 0, n)
      const tangent = read(inputs, n, 2 * n)
      const moved = (step: number) =>
        F(
          value.theta.map((angle, i) => angle + step * tangent.theta[i]),
          value.phi.map((angle, i) => angle + step * tangent.phi[i]),
          value.y.map((y, i) => y + step * tangent.y[i]),
        )
      const [ahead, behind] = [moved(STEP), moved(-STEP)]
      const rates = ahead.map((f, i) => (f - behind[i]) / (2 * STEP))
      return tensor2d(Float32Array.from([...F(value.theta, value.phi, value.y), ...rates]), [2 * n, 1])
    },
  }
}
