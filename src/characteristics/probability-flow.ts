import type { Density } from '../problem/density.ts'
import type { Velocity } from './engine.ts'
import { fusedMixture } from './fused.ts'

// Above this angle the velocity comes from the denoiser, below it from the score: each form loses digits at the
// other end, by tan θ and by 1/sin θ. Measured on a Gaussian, where v = 0, their rounding errors cross at π/4.
const SWITCH = Math.PI / 4

/**
 * The probability-flow ODE in comoving coordinates (docs/mathematics.md §2): r = √(c² + t²), θ = arctan(t/c),
 * y = (x − μ)/r, and dy/dθ = −tan θ (y + r s(t, μ + r y)) = E[Z | x]/cos θ − tan θ y = −(D(t, μ + r y) − μ − c cos θ y)/(c sin θ).
 * Needs a data scale c above 0.
 */
export function comovingVelocity(density: Density): Velocity {
  const { dimension } = density
  const { mean, scale } = density.moments
  let x = new Float64Array(0)
  const velocity: Velocity = (theta, y, out) => {
    if (x.length !== y.length) x = new Float64Array(y.length)
    const tangent = Math.tan(theta)
    const cosine = Math.cos(theta)
    const r = scale / cosine
    for (let start = 0; start < y.length; start += dimension)
      for (let i = 0; i < dimension; i++) x[start + i] = mean[i] + r * y[start + i]
    if (theta <= SWITCH && density.noise) {
      density.noise(scale * tangent, x, out)
      for (let i = 0; i < y.length; i++) out[i] = out[i] / cosine - tangent * y[i]
      return
    }
    if (theta <= SWITCH && !density.atomic) {
      density.score(scale * tangent, x, out)
      for (let i = 0; i < y.length; i++) out[i] = -tangent * (y[i] + r * out[i])
      return
    }
    density.denoiser(scale * tangent, x, out)
    const factor = -1 / (scale * Math.sin(theta))
    const pull = scale * cosine
    for (let start = 0; start < y.length; start += dimension)
      for (let i = 0; i < dimension; i++)
        out[start + i] = factor * (out[start + i] - mean[i] - pull * y[start + i])
  }
  return Object.assign(velocity, { mixture: fusedMixture(density), finest: finestOf(density, scale) })
}

// parts wider than this share of the data scale are seen by every step
const NARROW = 1 / 32

/** The smallest time at which the data have structure, in units of `unit`, where that is far below the data scale. */
export function finestOf({ finest, moments }: Density, unit: number): number | undefined {
  return finest !== undefined && finest < NARROW * moments.scale ? finest / unit : undefined
}

/** y = (x − μ)/r at time t, r = √(c² + t²). `out` may be x. */
export function toComoving(density: Density, t: number, x: Float64Array, out: Float64Array): void {
  const { dimension } = density
  const { mean, scale } = density.moments
  // not c/cos θ: an angle near π/2 has lost the digits of t
  const r = Math.hypot(scale, t)
  for (let start = 0; start < x.length; start += dimension)
    for (let i = 0; i < dimension; i++) out[start + i] = (x[start + i] - mean[i]) / r
}

/** x = μ + r y at time t. `out` may be y. */
export function fromComoving(density: Density, t: number, y: Float64Array, out: Float64Array): void {
  const { dimension } = density
  const { mean, scale } = density.moments
  const r = Math.hypot(scale, t)
  for (let start = 0; start < y.length; start += dimension)
    for (let i = 0; i < dimension; i++) out[start + i] = mean[i] + r * y[start + i]
}

/** The probability-flow ODE in its own coordinates: dx/dt = −t s(t, x) = E[Z | x]. */
export function scoreVelocity(density: Density): Velocity {
  const { noise } = density
  const velocity: Velocity = noise
    ? (t, x, out) => noise(t, x, out)
    : (t, x, out) => {
        density.score(t, x, out)
        for (let i = 0; i < x.length; i++) out[i] *= -t
      }
  return Object.assign(velocity, { finest: finestOf(density, 1) })
}

/** The same for t > 0 by the denoiser, dx/dt = (x − D(t, x))/t: for data on points or planes, whose score has no limit at t = 0. */
export function denoiserVelocity(density: Density): Velocity {
  const velocity: Velocity = (t, x, out) => {
    density.denoiser(t, x, out)
    for (let i = 0; i < x.length; i++) out[i] = (x[i] - out[i]) / t
  }
  return Object.assign(velocity, { finest: finestOf(density, 1) })
}
