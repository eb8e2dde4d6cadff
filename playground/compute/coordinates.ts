import { type Process, processTime, veTime } from '../../src/problem/process.ts'

/** The half height of the picture in units of the standard deviation of p_t. */
export const HEIGHT = 3.2

/** What the coordinates are made of: the mean and the standard deviation of the data. */
export interface Frame {
  readonly mean: number
  /** c */
  readonly scale: number
}

/**
 * What the picture is drawn in, of times t and places x of the process. With τ = σ_t/α, y = (x/α − μ)/√(c² + τ²): in it p_t keeps its place and
 * width (docs/mathematics.md §2). The axis of times is even in t, but for the VE process, whose times have no end: there in θ = arctan(t/c).
 */
export interface Coordinates {
  /** Where T is on the axis of times, which begins at 0. */
  readonly lastPlace: number
  /** The picture goes from −height to height in y. */
  readonly height: number
  /** Where t is on the axis of times. */
  place(t: number): number
  /** The time at a place of it. */
  time(place: number): number
  toX(t: number, y: number): number
  toY(t: number, x: number): number
  /** Times from 0 to T at which arctan(τ/c) is even: what trajectories are smooth in. */
  readonly curveTimes: Float64Array
}

const POINTS = 80

export function coordinatesOf({ mean, scale }: Frame, process: Process, lastTime: number): Coordinates {
  const place = (t: number) => (process.infinite ? Math.atan2(t, scale) : t)
  const lastPlace = place(lastTime)
  const spread = (t: number) => Math.hypot(scale, veTime(process, t))
  return {
    lastPlace,
    height: HEIGHT,
    place,
    time(at) {
      if (at >= lastPlace) return lastTime
      const inside = Math.max(0, at)
      return process.infinite ? scale * Math.tan(inside) : inside
    },
    toX: (t, y) => process.alpha(t) * (mean + spread(t) * y),
    toY: (t, x) => (x / process.alpha(t) - mean) / spread(t),
    curveTimes: evenInAngle(process, scale, lastTime, POINTS),
  }
}

/** Times t from 0 to `lastTime`, one more than `count`, at which arctan(τ/c) is even. */
export function evenInAngle(process: Process, scale: number, lastTime: number, count: number): Float64Array {
  const lastAngle = Math.atan2(veTime(process, lastTime), scale)
  return Float64Array.from({ length: count + 1 }, (_, k) =>
    k === count ? lastTime : processTime(process, scale * Math.tan((lastAngle * k) / count), lastTime),
  )
}
