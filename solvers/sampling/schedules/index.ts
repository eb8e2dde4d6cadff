import { cosine } from './cosine.ts'
import { karras } from './karras.ts'
import { linear } from './linear.ts'
import { log } from './log.ts'
import type { Schedule, ScheduleRange } from './schedule.ts'

/** Every schedule of times there is, by name. */
export const schedules = { karras, log, linear, cosine } satisfies Record<string, Schedule>

export type ScheduleName = keyof typeof schedules

export const scheduleNames = Object.keys(schedules) as ScheduleName[]

/**
 * The times of K steps: K of the schedule and then 0. Where there is no room for it (K = 1, or `from` at most `to`) a single
 * step from `from` to 0.
 *
 * @returns K + 1 descending times, or 2
 */
export function scheduleTimes(name: ScheduleName, steps: number, range: ScheduleRange): Float64Array {
  const { from, to } = range
  if (steps === 1 || from <= to) return Float64Array.of(from, 0)
  const schedule: Schedule = schedules[name]
  const times = Float64Array.from({ length: steps + 1 }, (_, i) => schedule(i / (steps - 1), range))
  times[0] = from
  times[steps - 1] = to
  times[steps] = 0
  return times
}
