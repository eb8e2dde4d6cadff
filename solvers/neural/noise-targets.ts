import type { GaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { column, type TrainingPoints } from './points/training-points.ts'

/**
 * What a score network regresses on, n·d values: with X₀ = μ + V Λ^{1/2} w and the noise V z, (t w − Λ^{1/2} z)(Λ + t² I)^{-1/2} in the
 * eigenbasis of Σ. It has unit variance at every time, and for Gaussian data it is independent of y, with mean 0. Its mean
 * given y is what the denoiser adds to that of the Gaussian, over Λ^{1/2} (Λ + t² I)^{-1/2} t.
 */
export function noiseTargets(points: TrainingPoints, coordinates: GaussianCoordinates): Float64Array {
  const { dimension: d, deviations, moments } = coordinates
  const start = column(points, 'start').map((value, i) => value - moments.mean[i % d])
  const [w, z] = [new Float64Array(start.length), new Float64Array(start.length)]
  coordinates.rotate(start, w)
  coordinates.rotate(column(points, 'noise'), z)
  const target = new Float64Array(start.length)
  for (let i = 0, row = 0; i < target.length; row++) {
    const t = coordinates.time(points.theta[row])
    for (let j = 0; j < d; j++, i++) {
      const deviation = deviations[j]
      // along a direction in which the data has no extent the denoiser is the mean
      if (deviation > 0) target[i] = ((t * w[i]) / deviation - deviation * z[i]) / Math.hypot(deviation, t)
    }
  }
  return target
}
