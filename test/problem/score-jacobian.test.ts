import { describe, expect, it } from 'vitest'
import { smallProblems } from '../support/problems.ts'

describe.each(['gaussian, 3-D', 'mixture, 1-D', 'mixture, 2-D'])('the score Jacobian of %s', (name) => {
  const { density } = smallProblems[name]
  const d = density.dimension

  it.each([0, 0.3, 2, 40])('is the derivative of the score by central differences, t = %s', (t) => {
    const x = Float64Array.from({ length: 6 * d }, (_, i) => Math.sin(7 * i + 1) * Math.hypot(2, t))
    const found = new Float64Array(x.length * d)
    density.scoreJacobian?.(t, x, found)
    const h = 1e-5 * Math.hypot(1, t)
    const size = Math.max(...found.map(Math.abs))
    for (let j = 0; j < d; j++) {
      const [above, below] = [h, -h].map((step) => {
        const out = new Float64Array(x.length)
        density.score(
          t,
          x.map((value, i) => value + (i % d === j ? step : 0)),
          out,
        )
        return out
      })
      for (let at = 0; at < x.length; at++)
        expect(Math.abs(found[at * d + j] - (above[at] - below[at]) / (2 * h))).toBeLessThan(1e-7 * size)
    }
  })

  it('takes a time for every row', () => {
    const x = Float64Array.from({ length: 2 * d }, (_, i) => i - 1)
    const both = new Float64Array(x.length * d)
    density.scoreJacobian?.(Float64Array.of(0.5, 3), x, both)
    for (const [row, t] of [0.5, 3].entries()) {
      const one = new Float64Array(d * d)
      density.scoreJacobian?.(t, x.subarray(row * d, (row + 1) * d), one)
      expect(both.subarray(row * d * d, (row + 1) * d * d)).toEqual(one)
    }
  })
})
