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
