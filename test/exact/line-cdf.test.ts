import { expect, it } from 'vitest'
import { LineCdf } from '../../src/exact/line-cdf.ts'
import { normalCdf } from '../../src/exact/normal.ts'

it('the probability of a line below and above a place is that of the law, in every cell', () => {
  const logDensity = (x: Float64Array, out: Float64Array) => {
    for (let i = 0; i < x.length; i++) out[i] = -(x[i] ** 2) / 2 - Math.log(2 * Math.PI) / 2
  }
  const line = new LineCdf(logDensity, -9, 9, 24)
  expect(line.mass).toBeCloseTo(1, 13)
  for (const x of [-4, -1.3, -0.2, 0, 0.6, 2.5, 5]) {
    expect(line.probability(x, 0) / normalCdf(x)).toBeCloseTo(1, 10)
    expect(line.probability(x, 1) / normalCdf(-x)).toBeCloseTo(1, 10)
  }
})
