import { describe, expect, it } from 'vitest'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exact, exactMap } from '../../src/exact/exact.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'

const ve = { kind: 've' }
const formula = (density: string) => parseProblem({ process: ve, data: { kind: 'formula', density } })
const map = ({ density }: ReturnType<typeof formula>, t: number, x: Float64Array) =>
  exactMap(density)?.(t, x) as Float64Array

describe('exact for a formula on the line', () => {
  const mixture = parseProblem({
    process: ve,
    data: { kind: 'mixture', weights: [0.4, 0.6], means: [-1.5, 1.5], stds: [0.8, 0.6] },
  })
  const written = formula('0.4 / 0.8 exp(-(x + 1.5)^2 / 1.28) + 0.6 / 0.6 exp(-(x - 1.5)^2 / 0.72)')

  it.each([0, 1e-4, 0.01, 0.5, 10, 80, 1e4])('is the quantile map of the same mixture at t = %d', (t) => {
    const x = sampleNoised(mixture, t, 200, new Random(6)).data as Float64Array
    const [found, wanted] = [map(written, t, x), map(mixture, t, x)]
    found.forEach((value, i) => {
      expect(Math.abs(value - wanted[i])).toBeLessThan(1e-12 * mixture.density.moments.scale)
    })
  })

  it('is so in the tails down to probabilities of 1e-15, and ends with the box', () => {
    const x = Float64Array.of(-20, 20)
    const [found, wanted] = [map(written, 3, x), map(mixture, 3, x)]
    found.forEach((value, i) => {
      expect(Math.abs(value - wanted[i])).toBeLessThan(1e-9)
    })
    const [low, high] = map(written, 3, Float64Array.of(-1e5, 1e5))
    expect(low).toBeLessThan(found[0])
    expect(high).toBeGreaterThan(found[1])
  })

  it.each(['exp(-x^4 + x^2)', 'exp(-abs(x))'])('agrees with characteristics for %s', async (density) => {
    const problem = formula(density)
    const X = sampleNoised(problem, 10, 8, new Random(5))
    const solver = await solve(problem, rungeKutta({ rtol: 1e-11, atol: 1e-12 }), { time: 10 })
    const f = await solve(problem, exact(), { time: 10 })
    const [a, b] = [f.evaluate(10, X).data, solver.evaluate(10, X).data]
    for (let i = 0; i < 8; i++) expect(Math.abs(a[i] - b[i])).toBeLessThan(1e-9)
  })

  it('has none in the plane', async () => {
    const problem = formula('exp(-x1^2 - x2^4)')
    await expect(solve(problem, exact(), { time: 1 })).rejects.toThrow('expected characteristics here')
  })
})
