import type { CarriedSample } from '../metrics/carried-sample.ts'
import type { Problem } from '../problem/problem.ts'
import { ownPoints, processTime } from '../problem/process.ts'
import { velocity } from './velocity.ts'

/** Rows of (t, x) along trajectories, and of their derivatives, time after time. */
export interface TrajectoryPoints {
  /** [m, 1 + d]: t and x, of the problem's own process. */
  readonly points: Float64Array
  /** [m, 1 + d]: the derivatives of t and x by the time of the VE problem; null unless asked for. */
  readonly directions: Float64Array | null
}

// where dt/dτ is 0/0 at the start, this share of the largest time stands for it
const NEARLY_ZERO = 1e-8

/**
 * Where a map has to be known for its certificate: the trajectories of a sample from time number `first` on. With
 * dτ/dt = g²/(2τα²) for dX = b dt + g dB (docs/mathematics.md §1), x moves by dx/dτ = b dt/dτ + α a, a its velocity in the VE problem.
 */
export function trajectoryPoints(
  { process, density, dimension: d }: Problem,
  { times, positions, weights }: CarriedSample,
  first: number,
  time: number,
  withDirections: boolean,
): TrajectoryPoints {
  const n = weights.length
  const rows = (times.length - first) * n
  const points = new Float64Array(rows * (d + 1))
  const directions = withDirections ? new Float64Array(points.length) : null
  const speed = (tau: number): number => {
    const t = processTime(process, tau, time)
    return (2 * tau * process.alpha(t) ** 2) / process.diffusion(t) ** 2
  }
  const last = times[times.length - 1]
  for (let k = first, at = 0; k < times.length; k++) {
    const tau = times[k]
    const t = k === times.length - 1 ? time : processTime(process, tau, time)
    const x = ownPoints(process, t, positions[k])
    const rate = new Float64Array(x.length)
    const dt = speed(tau > 0 ? tau : NEARLY_ZERO * last)
    if (directions) {
      process.drift(t, x, rate)
      const a = velocity(density, tau, positions[k])
      const alpha = process.alpha(t)
      for (let i = 0; i < rate.length; i++) rate[i] = rate[i] * dt + alpha * a[i]
    }
    for (let row = 0; row < n; row++, at += d + 1) {
      points[at] = t
      points.set(x.subarray(row * d, (row + 1) * d), at + 1)
      if (!directions) continue
      directions[at] = dt
      directions.set(rate.subarray(row * d, (row + 1) * d), at + 1)
    }
  }
  return { points, directions }
}
