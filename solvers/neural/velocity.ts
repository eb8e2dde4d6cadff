import type { GaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import type { Density } from '../../src/problem/density.ts'
import { column, type TrainingPoints } from './training-points.ts'

// beyond so many scales of the data the velocity is below 1e-12, which the score, to rounding, does not show
const FAR = 1e6

/** The velocity of the probability-flow ODE in Gaussian-skip coordinates. */
export interface FlowVelocity {
  /** out = dy/dθ at (θ, y): one angle for all rows or one a row; y and out are [n, d]. */
  at(theta: number | Float64Array, y: Float64Array, out: Float64Array): void
  /** Evaluations of the score at one point so far. */
  readonly evaluations: number
}

/**
 * dy/dθ = −t (c/cos²θ) (Σ + t² I)^{-1/2} (s − s_Gauss), s_Gauss = −(Σ + t² I)^{-1} (x − μ) (docs/mathematics.md §7): zero
 * for Gaussian data, zero at θ = 0, of order cos²θ towards π/2, and zero in directions in which the data has no extent. In float64.
 */
export function flowVelocity(density: Density, coordinates: GaussianCoordinates): FlowVelocity {
  const { dimension: d, deviations } = coordinates
  const c = coordinates.moments.scale
  let evaluations = 0
  let x = new Float64Array(0)
  let score = new Float64Array(0)
  let times = new Float64Array(0)
  return {
    get evaluations() {
      return evaluations
    },
    at(theta, y, out) {
      const rows = y.length / d
      if (x.length !== y.length) {
        x = new Float64Array(y.length)
        score = new Float64Array(y.length)
        times = new Float64Array(rows)
      }
      let time: number | Float64Array = times
      if (typeof theta === 'number') time = coordinates.time(theta)
      else for (let i = 0; i < rows; i++) times[i] = coordinates.time(theta[i])
      coordinates.toX(time, y, x)
      density.score(time, x, score)
      coordinates.rotate(score, out)
      evaluations += rows
      for (let i = 0, row = 0; row < rows; row++) {
        const t = typeof time === 'number' ? time : time[row]
        const factor = -t * c * (1 + (t / c) ** 2)
        for (let j = 0; j < d; j++, i++) {
          const spread = Math.sqrt(deviations[j] ** 2 + t * t)
          // at t = 0 point masses have no score, but the velocity is 0
          out[i] =
            t === 0 || t > FAR * c || deviations[j] === 0 ? 0 : (factor * (out[i] + y[i] / spread)) / spread
        }
      }
    },
  }
}

/** Training points with the column `velocity`, dy/dθ of the flow: as carried with them, or computed. */
export function withFlowVelocity(points: TrainingPoints, velocity: FlowVelocity): TrainingPoints {
  if (points.velocity) return points
  const v = new Float64Array(points.y.length)
  velocity.at(points.theta, points.y, v)
  return { ...points, velocity: v }
}

/**
 * Training points with the column `velocity`, dy/dθ along the straight line X₀ + tZ of each point: in the eigenbasis of Σ,
 * c (1 + t²/c²) (λ Z − t (X₀ − μ)) / (λ + t²)^{3/2}. Its mean given y is the velocity of the flow (docs/mathematics.md §1.3);
 * for Σ = c²I it is the cosθ Z − sinθ (X₀ − μ)/c of TrigFlow.
 */
export function withSampleVelocity(points: TrainingPoints, coordinates: GaussianCoordinates): TrainingPoints {
  const { dimension: d, deviations, moments } = coordinates
  const { mean, scale: c } = moments
  const start = column(points, 'start').map((value, i) => value - mean[i % d])
  const [rotatedStart, noise] = [new Float64Array(start.length), new Float64Array(start.length)]
  coordinates.rotate(start, rotatedStart)
  coordinates.rotate(column(points, 'noise'), noise)
  const velocity = new Float64Array(start.length)
  for (let i = 0, row = 0; i < velocity.length; row++) {
    const t = coordinates.time(points.theta[row])
    const speed = c * (1 + (t / c) ** 2)
    for (let j = 0; j < d; j++, i++) {
      const variance = deviations[j] ** 2
      // along a direction in which the data has no extent y is Z and does not change
      if (variance > 0)
        velocity[i] = (speed * (variance * noise[i] - t * rotatedStart[i])) / (variance + t * t) ** 1.5
    }
  }
  return { ...points, velocity }
}
