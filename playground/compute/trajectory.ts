import type { Coordinates } from './coordinates.ts'
import type { Data } from './data.ts'

/** A trajectory of the probability-flow ODE in the coordinates of the picture. */
export interface Trajectory {
  readonly theta: Float64Array
  readonly y: Float64Array
}

const POINTS = 80

/** The exact trajectory through x at time t, over all times from 0 to T. */
export function trajectoryThrough(data: Data, coordinates: Coordinates, t: number, x: number): Trajectory {
  const theta = Float64Array.from({ length: POINTS + 1 }, (_, k) => (coordinates.lastAngle * k) / POINTS)
  const y = theta.map((angle) => {
    const time = coordinates.time(angle)
    return coordinates.toY(time, data.flow(t, x, time))
  })
  return { theta, y }
}
