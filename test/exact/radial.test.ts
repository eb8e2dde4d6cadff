import { describe, expect, it } from 'vitest'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { logNormalCdf } from '../../src/exact/normal.ts'
import { shell } from '../../src/exact/shell.ts'
import { points } from '../../src/points/points.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'

const spheres = (dimension: number, weights: number[], radii: number[], thicknesses: number[]) =>
  createProblem({
    process: { kind: 've' },
    data: { kind: 'radial', dimension, weights, radii, thicknesses },
  })

describe('the law of the radius of a shell', () => {
  it('is chi without a radius: in 1-D the normal distribution, in 2-D Rayleigh', () => {
    const line = shell(1, 0, 4)
    const plane = shell(2, 0, 4)
    for (const r of [1e-5, 0.1, 1, 3, 10, 42, 200]) {
      const [lower, upper] = line.logTails(r)
      const log = Math.LN2 + logNormalCdf(-r / 2)
      expect(Math.abs(upper - log)).toBeLessThan(1e-13 * (1 + Math.abs(log)))
      expect(Math.abs(Math.exp(lower) + Math.exp(upper) - 1)).toBeLessThan(1e-14)
      const [inside, outside] = plane.logTails(r)
      expect(Math.abs(outside + (r * r) / 8)).toBeLessThan(1e-13 * (1 + (r * r) / 8))
      expect(Math.abs(inside - Math.log(-Math.expm1(-(r * r) / 8)))).toBeLessThan(1e-13 * (1 - inside))
    }
  })

  it('in 1-D is the folded normal', () => {
    const folded = shell(1, 3, 0.25)
    for (const r of [1e-3, 0.2, 2, 2.9]) {
      const log = Math.log(Math.exp(logNormalCdf((r - 3) / 0.5)) - Math.exp(logNormalCdf((-r - 3) / 0.5)))
      expect(Math.abs(folded.logTails(r)[0] - log)).toBeLessThan(1e-12 * (1 - log))
    }
  })
})

describe('exact for radial data', () => {
  it.each([
    [1, [1], [2], [0.5]],
    [2, [1], [3], [0.3]],
    [3, [0.2, 0.5, 0.3], [0, 2, 5], [0.4, 0.3, 0.6]],
    [100, [0.5, 0.5], [4, 10], [0.3, 0.1]],
  ])('in %d-D agrees with characteristics', async (d, weights, radii, thicknesses) => {
    const problem = spheres(d, weights, radii, thicknesses)
    for (const time of [0.5, 80]) {
      const X = sampleNoised(problem, time, 16, new Random(2))
      const map = await solve(problem, exact(), { time })
      const solver = await solve(problem, rungeKutta({ rtol: 1e-13, atol: 1e-14 }), { time })
      const [f, g] = [map.evaluate(time, X).data, solver.evaluate(time, X).data]
      const worst = Math.max(...Array.from(f, (value, i) => Math.abs(value - g[i])))
      expect(worst / problem.density.moments.scale).toBeLessThan(1e-12)
    }
  })

  it('is the linear map of a Gaussian where every radius is 0', async () => {
    const problem = spheres(5, [1], [0], [2])
    const f = await solve(problem, exact(), { time: 7 })
    for (const size of [1e-9, 1e-3, 1, 30, 500, 1e5]) {
      const x = Float64Array.of(size, -2 * size, 0, size, 3 * size)
      const y = f.evaluate(7, points(x, 5)).data
      x.forEach((value, i) => {
        expect(Math.abs(y[i] - (value * 2) / Math.hypot(2, 7))).toBeLessThan(1e-13 * 4 * size)
      })
    }
    expect(f.evaluate(7, points(new Float64Array(5), 5)).data).toEqual(new Float64Array(5))
  })
})
