/** The times θ_n = n θ_T/N, t_n = c tan θ_n on which discrete losses are trained (docs/mathematics.md §4). */
export interface Times {
  readonly intervals: number
  /** θ_{n+1} − θ_n */
  readonly step: number
  /** t_n, N + 1 of them */
  readonly times: readonly number[]
  angle(t: number): number
  time(theta: number): number
  /** The n of the time t_n to which a step from t goes: the largest t_n below t. */
  before(t: number): number
}

// a time this share of a step above t_n counts as t_n
const SLACK = 1e-9

export function trainingTimes(scale: number, time: number, intervals: number): Times {
  const step = Math.atan2(time, scale) / intervals
  const times = Array.from({ length: intervals + 1 }, (_, n) =>
    n === intervals ? time : scale * Math.tan(n * step),
  )
  const angle = (t: number) => Math.atan2(t, scale)
  return {
    intervals,
    step,
    times,
    angle,
    time: (theta) => scale * Math.tan(theta),
    before: (t) => Math.min(intervals - 1, Math.max(0, Math.ceil(angle(t) / step - SLACK) - 1)),
  }
}
