import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact, gaussianBaseline } from '../../src/exact/exact.ts'
import { logNormalCdf, normalQuantileOfLog } from '../../src/exact/normal.ts'
import { quantileMap } from '../../src/exact/quantile.ts'
import { points, pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'
import { referenceCase, referenceCases, smallProblems } from '../support/problems.ts'

const withExact = referenceCases.filter(
  ({ problem }) => problem.dimension === 1 || !/mixture/.test(problem.density.kind),
)

describe('exact', () => {
  it.each(withExact.map((test) => [test.name, test] as const))(
    'gives the reference values of %s',
    async (_name, test) => {
      const f = await solve(test.problem, exact(), { time: test.t })
      const rows = pointsToRows(f.evaluate(test.t, pointsFromRows(test.points)))
      const worst = Math.max(
        ...rows.flatMap((row, i) => row.map((value, j) => Math.abs(value - test.f[i][j]))),
      )
      expect(worst).toBeLessThan(1e-12 * test.problem.density.moments.scale)
    },
  )

  it('refuses a 2-D mixture', async () => {
    const { problem, t } = referenceCase('mixture-2d-t10')
    await expect(solve(problem, exact(), { time: t })).rejects.toThrow('expected characteristics here')
  })

  it('is the identity at t = 0', async () => {
    for (const problem of [smallProblems['gaussian, 3-D'], smallProblems['product, 2-D']]) {
      const X = points(new Float64Array(2 * problem.dimension).fill(0.7), problem.dimension)
      const f = await solve(problem, exact(), { time: 1 })
      expect(pointsToRows(f.evaluate(0, X))).toEqual(pointsToRows(X))
    }
  })

  it('solves the transport equation', async () => {
    const { density } = smallProblems['product, 2-D']
    const f = await solve(smallProblems['product, 2-D'], exact(), { time: 10 })
    const x = Float64Array.of(0.4, -1.1)
    const t = 1.3
    const velocity = new Float64Array(2)
    density.score(t, x, velocity)
    const h = 1e-4
    // along the trajectory dx/dt = −t s, f does not change: central difference to order h²
    const at = (sign: number) =>
      f.ve.evaluate(
        t + sign * h,
        x.map((value, i) => value - sign * h * t * velocity[i]),
      )
    const [above, below] = [at(1), at(-1)]
    for (let i = 0; i < 2; i++) expect(Math.abs(above[i] - below[i]) / (2 * h)).toBeLessThan(1e-6)
  })

  it('keeps both tails of a 1-D mixture, far beyond the underflow of its density', () => {
    const marginal = {
      weights: Float64Array.of(0.3, 0.7),
      means: Float64Array.of(-1, 2),
      variances: Float64Array.of(0.25, 1),
    }
    const f = quantileMap(marginal)
    for (const t of [0.5, 5])
      for (const x of [-400, -60, -5, 0, 5, 60, 400]) {
        const y = f(t, x)
        expect(Number.isFinite(y)).toBe(true)
        // far to the right only the wider component counts, whose own map is linear
        if (x === 400) expect(y).toBeCloseTo(2 + (x - 2) / Math.hypot(1, t), 6)
      }
    const xs = Array.from({ length: 200 }, (_, i) => -100 + i)
    const ys = xs.map((x) => f(3, x))
    expect(ys.every((y, i) => i === 0 || y > ys[i - 1])).toBe(true)
  })

  it('handles point masses: every value is an atom and each gets its share', async () => {
    const problem = createProblem({
      process: { kind: 've' },
      data: { kind: 'empirical', points: [[-1], [0], [4]], bandwidth: 0 },
    })
    const f = await solve(problem, exact(), { time: 2 })
    const x = Float64Array.from({ length: 3001 }, (_, i) => -30 + i / 50)
    const values = f.evaluate(2, points(x, 1)).data
    expect(new Set(values)).toEqual(new Set([-1, 0, 4]))
    expect(values.every((y, i) => i === 0 || y >= values[i - 1])).toBe(true)
  })
})

describe('the Gaussian baseline', () => {
  it('is exact for a Gaussian', async () => {
    const { problem, t, points: rows, f } = referenceCase('gaussian-5d')
    const baseline = await solve(problem, gaussianBaseline(), { time: t })
    pointsToRows(baseline.evaluate(t, pointsFromRows(rows))).forEach((row, i) => {
      row.forEach((value, j) => {
        expect(value).toBeCloseTo(f[i][j], 12)
      })
    })
  })
})

describe('normal distribution', () => {
  it('inverts its logarithm down to 1e-300 and beyond', () => {
    for (const z of [-0.1, -1, -5, -20, -37, -40, -1000])
      expect(normalQuantileOfLog(logNormalCdf(z)) / z).toBeCloseTo(1, 12)
  })
})
