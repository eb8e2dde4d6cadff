import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/create/create-problem.ts'
import { silverman } from '../../src/problem/densities/empirical.ts'

describe("Silverman's rule", () => {
  it('is c (4/((d + 2) N))^(1/(d + 4)), c the root mean square deviation of the columns', () => {
    // variances 1 and 4
    const corners = Float64Array.of(1, 2, -1, 2, 1, -2, -1, -2)
    expect(silverman(corners, 2)).toBeCloseTo(Math.sqrt(2.5) * (4 / (4 * 4)) ** (1 / 6), 14)
    const line = Float64Array.of(-3, 3, -3, 3, -3, 3)
    expect(silverman(line, 1)).toBeCloseTo(3 * (4 / (3 * 6)) ** (1 / 5), 14)
    const cube = Float64Array.from({ length: 24 }, (_, i) => ((Math.floor(i / 3) >> (i % 3)) & 1) * 2 - 1)
    expect(silverman(cube, 3)).toBeCloseTo((4 / (5 * 8)) ** (1 / 7), 14)
  })

  it('is the bandwidth of a problem that asks for it', () => {
    const points = [[-3], [3], [-3], [3], [-3], [3]]
    const { density } = createProblem({
      process: { kind: 've' },
      data: { kind: 'empirical', points, bandwidth: 'silverman' },
    })
    expect(density.moments.trace).toBeCloseTo(9 + 9 * (4 / 18) ** (2 / 5), 12)
  })
})
