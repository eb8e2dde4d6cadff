import type { Density } from '../../src/problem/density.ts'
import type { Velocity } from './engine.ts'

/** The same ODE in its own coordinates: dx/dt = −t s(t, x). */
export function scoreVelocity(density: Density): Velocity {
  return (t, x, out) => {
    density.score(t, x, out)
    for (let i = 0; i < x.length; i++) out[i] *= -t
  }
}

/** The same for t > 0 by the denoiser, dx/dt = (x − D(t, x))/t: for data on points or planes, whose score has no limit at t = 0. */
export function denoiserVelocity(density: Density): Velocity {
  return (t, x, out) => {
    density.denoiser(t, x, out)
    for (let i = 0; i < x.length; i++) out[i] = (x[i] - out[i]) / t
  }
}
