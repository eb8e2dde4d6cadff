import type { GaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { column, type TrainingPoints } from './points/training-points.ts'

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
