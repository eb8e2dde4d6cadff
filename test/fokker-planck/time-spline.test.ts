import { expect, it } from 'vitest'
import { TimeSpline } from '../../src/fokker-planck/time-spline.ts'

const cubic = (t: number) => [1 - 2 * t + 3 * t ** 2 - 0.5 * t ** 3, t ** 3]
const times = [0, 0.3, 0.5, 1.1, 1.6, 2, 2.2, 3]

it('a spline in time gives cubics back everywhere, the first and the last interval too', () => {
  const spline = new TimeSpline(
    times,
    times.map((t) => Float64Array.from(cubic(t))),
  )
  for (let t = 0; t <= 3; t += 0.05)
    for (const [i, value] of cubic(t).entries()) expect(spline.at(t)[i]).toBeCloseTo(value, 12)
})

it('a spline with a break gives another cubic on each side of it', () => {
  const other = (t: number) => cubic(t).map((value) => value + 7 * (t - 1.6))
  const spline = new TimeSpline(
    times,
    times.map((t) => Float64Array.from(t < 1.6 ? cubic(t) : other(t))),
    [1.6],
  )
  for (let t = 0.025; t <= 3; t += 0.05)
    for (const [i, value] of (t < 1.6 ? cubic(t) : other(t)).entries())
      expect(spline.at(t)[i]).toBeCloseTo(value, 11)
})
