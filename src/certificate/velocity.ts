import type { VeMap } from '../consistency-function.ts'
import type { Density } from '../problem/density.ts'

/** a = (x − D(t, x))/t = E[Z | x], the velocity of the trajectories; 0 at t = 0 unless a network predicts it. */
export function velocity(density: Density, time: number, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length)
  if (density.noise) {
    density.noise(time, x, out)
    return out
  }
  if (time === 0) return out
  density.denoiser(time, x, out)
  for (let i = 0; i < x.length; i++) out[i] = (x[i] - out[i]) / time
  return out
}

/** f̂ and r = ∂_t f̂ + a·∇f̂ of a map that has a derivative, n·d values each. */
export function alongFlow(
  map: VeMap,
  density: Density,
  time: number,
  x: Float64Array,
  a?: Float64Array,
): ReturnType<NonNullable<VeMap['jvp']>> {
  if (map.alongFlow) return map.alongFlow(time, x)
  return (map.jvp as NonNullable<VeMap['jvp']>)(time, x, a ?? velocity(density, time, x))
}

/**
 * dθ/dt = cos²θ/c, θ = arctan(t/c), by the angle as a double has it: tangents by t times its inverse are tangents by θ whatever t is, also at
 * the end of a process in which no data are left.
 */
export function angleRate(scale: number, t: number): number {
  return Math.cos(Math.atan2(t, scale)) ** 2 / scale
}
