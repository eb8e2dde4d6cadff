import type { Coordinates } from './coordinates.ts'
import type { Data } from './data.ts'

/** A trajectory of the probability-flow ODE: places on the axis of times, and y. */
export interface Trajectory {
  readonly place: Float64Array
  readonly y: Float64Array
}

/** The exact trajectory through x at time t, over all times from 0 to T. */
export function trajectoryThrough(data: Data, coordinates: Coordinates, t: number, x: number): Trajectory {
  const { curveTimes, place, toY } = coordinates
  return {
    place: curveTimes.map(place),
    y: curveTimes.map((time) => toY(time, data.flow(t, x, time))),
  }
}
