/** What a schedule is made for. */
interface ScheduleRange {
  /** The first time. */
  readonly from: number
  /** The last one above 0, below `from`. */
  readonly to: number
  /** The scale c of the data. */
  readonly scale: number
}

/** The time at the share u of the steps: `from` at u = 0, `to` at u = 1, descending. A new one is a function here and its name in `schedules`. */
type Schedule = (u: number, range: ScheduleRange) => number

const RHO = 7

/** t^{1/ρ} in equal steps, ρ = 7: Karras et al. 2022 (arXiv:2206.00364), eq. 5. */
const karras: Schedule = (u, { from, to }) =>
  (from ** (1 / RHO) + u * (to ** (1 / RHO) - from ** (1 / RHO))) ** RHO

/** λ = −log t in equal steps: the uniform logSNR of Lu et al. 2022 (arXiv:2206.00927), section 3.3. */
const log: Schedule = (u, { from, to }) => from * (to / from) ** u

/** t in equal steps. */
const linear: Schedule = (u, { from, to }) => from + u * (to - from)

/**
 * θ = arctan(t/c) in equal steps: the cosine schedule of Nichol & Dhariwal 2021 (arXiv:2102.09672), α = cosθ and σ = sinθ for data of unit
 * variance, as times of the VE process.
 */
const cosine: Schedule = (u, { from, to, scale }) => {
  const [first, last] = [Math.atan2(from, scale), Math.atan2(to, scale)]
  return scale * Math.tan(first + u * (last - first))
}

/** Every schedule of times there is, by name. */
export const schedules = { karras, log, linear, cosine } satisfies Record<string, Schedule>

export type ScheduleName = keyof typeof schedules

export const scheduleNames = Object.keys(schedules) as ScheduleName[]

/**
 * The times of K steps: K of the schedule and then 0. Where there is no room for it (K = 1, or `from` at most `to`) a single
 * step from `from` to 0; where `from` and `to` are a few roundings apart, or the data a single point, those times that differ.
 *
 * @returns at most K + 1 strictly descending times
 */
export function scheduleTimes(name: ScheduleName, steps: number, range: ScheduleRange): Float64Array {
  const { from, to } = range
  if (steps === 1 || from <= to) return Float64Array.of(from, 0)
  const schedule: Schedule = schedules[name]
  const times = [from]
  for (let i = 1; i < steps - 1; i++) {
    const time = schedule(i / (steps - 1), range)
    if (time < times[times.length - 1] && time > to) times.push(time)
  }
  return Float64Array.of(...times, to, 0)
}
