import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import { checkNumber } from '../errors.ts'
import type { GaussianCoordinates } from './gaussian-coordinates.ts'
import type { Network } from './networks.ts'
import { directedInputs, networkInputs } from './networks.ts'

// rows a block, as in neural-map.ts
const BLOCK = 2048

/** A two-time map f(t → u, x), which takes a point of a trajectory at time t to time u ≤ t; u = 0 is the consistency function. */
export interface FlowMap {
  /** f(t → u, x) for n·d values x. Throws an InputError unless 0 ≤ u ≤ t. */
  evaluate(t: number, u: number, x: Float64Array): Float64Array
  /** f and its derivative along (dt, du, dx), dx of n·d values; all rows at once. */
  jvp(
    t: number,
    u: number,
    x: Float64Array,
    direction: { readonly t: number; readonly u: number; readonly x: Float64Array },
  ): { value: Float64Array; tangent: Float64Array }
}

/** sin²θ − sin²φ, without cancellation. */
export function gap(theta: number, phi: number): number {
  return Math.sin(theta - phi) * Math.sin(theta + phi)
}

/**
 * The two-time map of a network with the Gaussian skip in both times: in the coordinates y of `GaussianCoordinates`,
 * Y(θ → φ, y) = y + (sin²θ − sin²φ) F(θ, φ, y), and f(t → u, x) = μ + V (Λ + u² I)^{1/2} Y. f(t → t, x) = x exactly, F = 0 is
 * the exact map of every Gaussian, and u = 0 is `neuralMap` (docs/mathematics.md §2, §7). On the diagonal
 * ∂_φ Y = −sin 2θ F(θ, θ, y) is the velocity dy/dθ of the flow. Everything but F itself is in float64.
 *
 * @param weights the parameters of the network, in its order; the map reads them at every call
 */
export function flowMap(
  network: Network,
  weights: readonly Tensor[],
  coordinates: GaussianCoordinates,
): FlowMap {
  const { dimension: d, deviations } = coordinates
  const c = coordinates.moments.scale

  /** out = x at the time u and the coordinates Y. */
  function toPoints(u: number, Y: Float64Array): Float64Array {
    const out = new Float64Array(Y.length)
    coordinates.toX(u, Y, out)
    return out
  }

  function evaluateBlock(t: number, u: number, x: Float64Array): Float64Array {
    const y = new Float64Array(x.length)
    coordinates.toY(t, x, y)
    const angles = (time: number) => new Float64Array(x.length / d).fill(coordinates.angle(time))
    return toPoints(u, jump(network, weights, coordinates, angles(t), angles(u), y))
  }

  return {
    evaluate(t, u, x) {
      checkNumber('u', u, 0, t)
      if (u === t) return x.slice()
      const out = new Float64Array(x.length)
      for (let at = 0; at < x.length; at += BLOCK * d)
        out.set(evaluateBlock(t, u, x.subarray(at, at + BLOCK * d)), at)
      return out
    },
    jvp(t, u, x, direction) {
      checkNumber('u', u, 0, t)
      const [theta, phi] = [coordinates.angle(t), coordinates.angle(u)]
      const thetaRate = (direction.t * Math.cos(theta) ** 2) / c
      const phiRate = (direction.u * Math.cos(phi) ** 2) / c
      const Y = new Float64Array(x.length)
      coordinates.toY(t, x, Y)
      const rate = new Float64Array(x.length)
      coordinates.direction(t, direction.x, rate)
      for (let i = 0; i < Y.length; i++) {
        const variance = deviations[i % d] ** 2 + t * t
        if (variance > 0) rate[i] -= (direction.t * t * Y[i]) / variance
      }
      const angles = (angle: number) => new Float64Array(x.length / d).fill(angle)
      const along = { theta: thetaRate, phi: phiRate, y: rate }
      const F = tidy(() => network.dualForward(weights, directedInputs(angles(theta), Y, angles(phi), along)))
      const values = F.dataSync()
      F.dispose()
      const factor = gap(theta, phi)
      const factorRate = Math.sin(2 * theta) * thetaRate - Math.sin(2 * phi) * phiRate
      for (let i = 0; i < Y.length; i++) {
        if (deviations[i % d] > 0) {
          rate[i] += factorRate * values[i] + factor * values[Y.length + i]
          Y[i] += factor * values[i]
        }
        // d/du of √(λ + u²) Y; its slope at λ = u = 0 is 1
        const spread = Math.hypot(deviations[i % d], u)
        rate[i] = spread * rate[i] + direction.u * (spread > 0 ? u / spread : 1) * Y[i]
      }
      const tangent = new Float64Array(x.length)
      coordinates.rotateBack(rate, tangent)
      return { value: u === t ? x.slice() : toPoints(u, Y), tangent }
    },
  }
}

/**
 * Y(θ → φ, y) of `flowMap`, each row with times of its own. Directions in which the data has no extent do not move.
 *
 * @param theta n angles
 * @param phi n angles
 * @param y n·d coordinates
 */
export function jump(
  network: Network,
  weights: readonly Tensor[],
  { deviations, dimension: d }: GaussianCoordinates,
  theta: Float64Array,
  phi: Float64Array,
  y: Float64Array,
): Float64Array {
  const F = tidy(() => network.forward(weights, networkInputs(theta, y, phi)))
  const values = F.dataSync()
  F.dispose()
  const out = y.slice()
  for (let i = 0, row = 0; row < theta.length; row++) {
    const factor = gap(theta[row], phi[row])
    for (let j = 0; j < d; j++, i++) if (deviations[j] > 0) out[i] += factor * values[i]
  }
  return out
}
