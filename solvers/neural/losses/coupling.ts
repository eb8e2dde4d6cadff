import { column, type TrainingPoints } from '../points/training-points.ts'
import type { LossContext } from './loss.ts'

/** y' of the points X₀ + t' Z that share X₀ and Z with training points: the coupling of consistency training. */
export function coupledPoints(
  points: TrainingPoints,
  angles: Float64Array,
  { coordinates }: LossContext,
): Float64Array {
  const start = column(points, 'start')
  const noise = column(points, 'noise')
  const d = coordinates.dimension
  const times = angles.map(coordinates.time)
  const x = new Float64Array(start.length)
  for (let i = 0; i < x.length; i++) x[i] = start[i] + times[Math.floor(i / d)] * noise[i]
  const y = new Float64Array(x.length)
  coordinates.toY(times, x, y)
  return y
}

/** Coupled points at the times t and r of the columns θ and `arrival`, weighted by 1/(t − r) in units of the data's scale. */
export function preparePairs(points: TrainingPoints, context: LossContext): TrainingPoints {
  const { theta, y } = points
  const { time, moments } = context.coordinates
  const arrival = column(points, 'arrival')
  const weight = points.weight.map((w, i) => (w * moments.scale) / (time(theta[i]) - time(arrival[i])))
  return { theta, y, weight, arrival, previous: coupledPoints(points, arrival, context) }
}
