import type { CarriedSample } from '../metrics/carried-sample.ts'
import type { Problem } from '../problem/problem.ts'
import { ownPoints, processTime, ratesOf } from '../problem/process.ts'
import { angleRate } from './velocity.ts'

/** Rows of (t, x) along trajectories, and of their derivatives, time after time. */
interface TrajectoryPoints {
  /** [m, 1 + d]: t and x, of the problem's own process. */
  readonly points: Float64Array
  /** [m, 1 + d]: the derivatives of t and x by t, so 1 and dx/dt; null unless asked for. */
  readonly directions: Float64Array | null
}

// where dt/dτ is 0/0 at the start, this share of the data scale stands for it
const NEARLY_ZERO = 1e-8

/**
 * Where a map has to be known for its certificate: the trajectories of a sample from time number `first` on, with their velocities
 * dx/dt = α′ D + m′ + ½(σ_t²)′ E[Z | x]/σ_t (docs/mathematics.md §1.4).
 *
 * @param ownTimes those times as the process has them, where they were given so
 */
export function trajectoryPoints(
  problem: Problem,
  { times, positions, weights }: CarriedSample,
  first: number,
  time: number,
  withDirections: boolean,
  ownTimes?: readonly number[],
): TrajectoryPoints {
  const { process, dimension: d } = problem
  const n = weights.length
  const rows = (times.length - first) * n
  const points = new Float64Array(rows * (d + 1))
  const directions = withDirections ? new Float64Array(points.length) : null
  for (let k = first, at = 0; k < times.length; k++) {
    const t = ownTimes?.[k - first] ?? (k === times.length - 1 ? time : processTime(process, times[k], time))
    const x = ownPoints(process, t, positions[k])
    const rate = directions ? ownVelocity(problem, t, times[k], positions[k]) : x
    for (let row = 0; row < n; row++, at += d + 1) {
      points[at] = t
      points.set(x.subarray(row * d, (row + 1) * d), at + 1)
      if (!directions) continue
      directions[at] = 1
      directions.set(rate.subarray(row * d, (row + 1) * d), at + 1)
    }
  }
  return { points, directions }
}

/**
 * The factor dt/dτ that makes of a derivative by t, at VE time τ, one by τ, as `angleRate` counts it.
 *
 * @param time the largest time of the problem's own process
 */
export function timeRate(
  { process, density }: Pick<Problem, 'process' | 'density'>,
  tau: number,
  time: number,
): number {
  const { scale } = density.moments
  const t = processTime(process, tau > 0 ? tau : NEARLY_ZERO * scale, time)
  const [alpha, sigma] = [process.alpha(t), process.sigma(t)]
  const rates = ratesOf(process, t)
  const growth = (rates.variance / (2 * sigma)) * alpha - sigma * rates.alpha
  return ((alpha * scale) ** 2 + sigma ** 2) * (angleRate(scale, tau) / (scale * growth))
}

/** dx/dt of the trajectories at time t of the process, by their places y at time τ of the VE process. */
export function ownVelocity(
  { process, density }: Pick<Problem, 'process' | 'density'>,
  t: number,
  tau: number,
  y: Float64Array,
): Float64Array {
  const rates = ratesOf(process, t)
  const { dimension: d } = density
  const { centre = new Float64Array(d) } = process
  // of the mean α·centre + m
  const drift = centre.map((value) => rates.alpha * value + rates.mean)
  const out = new Float64Array(y.length)
  density.denoiser(tau, y, out)
  if (tau === 0) {
    const score = new Float64Array(y.length)
    density.score(0, y, score)
    return out.map((value, i) => rates.alpha * value + drift[i % d] - (rates.variance * score[i]) / 2)
  }
  // E[Z | x] = (y − D)/τ
  const noise = rates.variance / (2 * process.sigma(t))
  return out.map((value, i) => rates.alpha * value + drift[i % d] + noise * ((y[i] - value) / tau))
}
