import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { VeMap } from '../../src/consistency-function.ts'
import type { GaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import type { Network } from '../../src/nn/networks.ts'
import { arrivalAtStart, dualNetworkInputs, networkInputs } from '../../src/nn/networks.ts'

// rows a block: large enough to hide the cost of an operation, small enough for the cache
const BLOCK = 2048

/**
 * The consistency function of a network with the Gaussian skip (docs/mathematics.md §7):
 * f(t, x) = μ + V Λ^{1/2} (y + sin²θ F(θ, y)). f(0, x) = x exactly, and F = 0 is the exact map of every Gaussian.
 * Of a two-time network it is f(t → 0, x). Everything but F itself is in float64.
 *
 * @param weights the parameters of the network, in its order; the map reads them at every call
 * @param evaluations evaluations of the score that its training took
 */
export function neuralMap(
  network: Network,
  weights: readonly Tensor[],
  coordinates: GaussianCoordinates,
  evaluations = 0,
): Omit<VeMap, 'flow'> {
  const d = coordinates.dimension

  function evaluateBlock(t: number, x: Float64Array): Float64Array {
    const y = new Float64Array(x.length)
    coordinates.toY(t, x, y)
    const theta = new Float64Array(x.length / d).fill(coordinates.angle(t))
    const F = tidy(() => network.forward(weights, networkInputs(theta, y, arrivalAtStart(network, theta))))
    const values = F.dataSync()
    const sine = Math.sin(coordinates.angle(t))
    for (let i = 0; i < y.length; i++) y[i] += sine * sine * values[i]
    F.dispose()
    const out = new Float64Array(x.length)
    coordinates.toMap(y, out)
    return out
  }

  function jvpBlock(t: number, x: Float64Array, dx: Float64Array) {
    const angle = coordinates.angle(t)
    const sine = Math.sin(angle)
    const cosine = Math.cos(angle)
    // dθ/dt; the tangent of F is taken along (1, dy/dθ), so that it stays of order 1 at large t
    const speed = (cosine * cosine) / coordinates.moments.scale
    const y = new Float64Array(x.length)
    coordinates.toY(t, x, y)
    const rate = new Float64Array(x.length)
    coordinates.direction(t, dx, rate)
    for (let i = 0; i < y.length; i++) {
      const variance = coordinates.deviations[i % d] ** 2 + t * t
      rate[i] = (rate[i] - (t / variance) * y[i]) / speed
    }
    const theta = new Float64Array(x.length / d).fill(angle)
    const F = tidy(() =>
      network.dualForward(weights, dualNetworkInputs(theta, y, rate, arrivalAtStart(network, theta))),
    )
    const values = F.dataSync()
    for (let i = 0; i < y.length; i++) {
      y[i] += sine * sine * values[i]
      rate[i] += sine * (2 * cosine * values[i] + sine * values[y.length + i])
      rate[i] *= speed
    }
    F.dispose()
    const value = new Float64Array(x.length)
    const tangent = new Float64Array(x.length)
    coordinates.toMap(y, value)
    coordinates.toMapRate(rate, tangent)
    return { value, tangent }
  }

  return {
    functionEvaluations: evaluations,
    ownDerivative: true,
    evaluate(t, x) {
      if (t === 0) return x.slice()
      const out = new Float64Array(x.length)
      for (let at = 0; at < x.length; at += BLOCK * d)
        out.set(evaluateBlock(t, x.subarray(at, at + BLOCK * d)), at)
      return out
    },
    jvp(t, x, dx) {
      // f(0, x) = x, and by the factor sin²θ ∂_t f(0, x) = 0
      if (t === 0) return { value: x.slice(), tangent: dx.slice() }
      const value = new Float64Array(x.length)
      const tangent = new Float64Array(x.length)
      for (let at = 0; at < x.length; at += BLOCK * d) {
        const end = at + BLOCK * d
        const block = jvpBlock(t, x.subarray(at, end), dx.subarray(at, end))
        value.set(block.value, at)
        tangent.set(block.tangent, at)
      }
      return { value, tangent }
    },
  }
}
