/** The half height of the picture in units of the standard deviation of p_t. */
export const HEIGHT = 3.2

/** What the coordinates are made of: the mean and the standard deviation of the data. */
export interface Frame {
  readonly mean: number
  /** c */
  readonly scale: number
}

/** θ = arctan(t/c) and y = (x − μ)/√(c² + t²): in them p_t keeps its place and width (docs/mathematics.md §2). */
export interface Coordinates {
  readonly lastAngle: number
  /** The picture goes from −height to height in y. */
  readonly height: number
  angle(t: number): number
  time(theta: number): number
  toX(t: number, y: number): number
  toY(t: number, x: number): number
}

export function coordinatesOf({ mean, scale }: Frame, lastTime: number): Coordinates {
  const lastAngle = Math.atan2(lastTime, scale)
  return {
    lastAngle,
    height: HEIGHT,
    angle: (t) => Math.atan2(t, scale),
    time: (theta) => (theta >= lastAngle ? lastTime : scale * Math.tan(Math.max(0, theta))),
    toX: (t, y) => mean + Math.hypot(scale, t) * y,
    toY: (t, x) => (x - mean) / Math.hypot(scale, t),
  }
}
