import { describe, expect, it } from 'vitest'
import { type ScheduleName, scheduleNames, scheduleTimes } from '../../solvers/sampling/schedules.ts'

/** What goes in equal steps, as published (the sources are in schedules.ts). A new schedule has a line here. */
const evenIn = {
  karras: (t) => t ** (1 / 7),
  log: (t) => Math.log(t),
  linear: (t) => t,
  cosine: (t, scale) => Math.atan2(t, scale),
} satisfies Record<ScheduleName, (t: number, scale: number) => number>

const range = { from: 20, to: 0.01, scale: 0.7 }

describe.each(scheduleNames)('the schedule %s', (name) => {
  it('has as many steps as asked for, in the published coordinate of equal length, and then 0', () => {
    for (const steps of [2, 3, 12]) {
      const times = scheduleTimes(name, steps, range)
      expect(times).toHaveLength(steps + 1)
      expect([times[0], times[steps - 1], times[steps]]).toEqual([range.from, range.to, 0])
      const places = Array.from(times.subarray(0, steps), (t) => evenIn[name](t, range.scale))
      const whole = places[steps - 1] - places[0]
      places.forEach((place, i) => {
        expect(place).toBeCloseTo(places[0] + (whole * i) / (steps - 1), 12)
      })
      for (let i = 1; i < times.length; i++) expect(times[i]).toBeLessThan(times[i - 1])
    }
  })

  it('is one step where there is no room for more', () => {
    expect(scheduleTimes(name, 18, { from: 0.002, to: 0.002, scale: 1 })).toEqual(Float64Array.of(0.002, 0))
    expect(scheduleTimes(name, 18, { from: 0.001, to: 0.002, scale: 1 })).toEqual(Float64Array.of(0.001, 0))
    expect(scheduleTimes(name, 1, { from: 80, to: 0.002, scale: 1 })).toEqual(Float64Array.of(80, 0))
  })

  it('never stands still, nor goes back, between two times a few roundings apart', () => {
    const to = 1 - 3 * Number.EPSILON
    const times = scheduleTimes(name, 40, { from: 1, to, scale: 1 })
    expect([times[0], ...times.subarray(-2)]).toEqual([1, to, 0])
    for (let i = 1; i < times.length; i++) expect(times[i]).toBeLessThan(times[i - 1])
  })
})
