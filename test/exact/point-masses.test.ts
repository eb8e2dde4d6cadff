import { describe, expect, it } from 'vitest'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exact, exactSolution } from '../../src/exact/exact.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'

const ve = { kind: 've' }
const onLine = (weights: number[], means: number[], stds: number[]) =>
  parseProblem({ process: ve, data: { kind: 'mixture', weights, means: means.map((mean) => [mean]), stds } })
const map = (problem: ReturnType<typeof onLine>, t: number, x: number[]) =>
  Array.from(exactSolution(problem.density)?.evaluate(t, Float64Array.from(x)) ?? [])

describe('point masses', () => {
  const places = [-50, -20, -5, -2, -0.5, 3, 6]
  const values = [-1, -1, 0, 0, 4, 4, 4]

  it('written as a mixture', async () => {
    const problem = onLine([0.1, 0.25, 0.65], [-1, 0, 4], [0, 0, 0])
    const f = await solve(problem, exact(), { time: 10 })
    expect(pointsToRows(f.evaluate(10, pointsFromRows(places.map((x) => [x])))).flat()).toEqual(values)
    expect(f.jacobian?.(10, pointsFromRows([[3]])).data[0]).toBe(0)
    expect(() => f.flow?.evaluate(0, 1, pointsFromRows([[3]]))).toThrow(/is 0; expected a time above 0/)
  })

  it('written as a product, in one coordinate or in all', async () => {
    const marginal = { weights: [0.1, 0.25, 0.65], means: [-1, 0, 4], stds: [0, 0, 0] }
    const smooth = { weights: [1], means: [2], stds: [1] }
    const problem = parseProblem({
      process: ve,
      data: {
        kind: 'product',
        marginals: [marginal, smooth],
        rotation: [
          [0.6, 0.8],
          [-0.8, 0.6],
        ],
      },
    })
    const f = await solve(problem, exact(), { time: 10 })
    const rows = places.map((z) => [0.6 * z - 0.8 * 5, 0.8 * z + 0.6 * 5])
    pointsToRows(f.evaluate(10, pointsFromRows(rows))).forEach(([a, b], i) => {
      expect(Math.abs(0.6 * a + 0.8 * b - values[i])).toBeLessThan(1e-14)
      expect(Math.abs(-0.8 * a + 0.6 * b - (2 + 3 / Math.sqrt(101)))).toBeLessThan(1e-14)
    })
    const slopes = f.jacobian?.(10, pointsFromRows(rows)).data ?? []
    expect(slopes[0]).toBeCloseTo(0.64 / Math.sqrt(101), 14)
  })

  it('with a covariance of 0, and with a weight of 0', () => {
    const gaussian = parseProblem({ process: ve, data: { kind: 'gaussian', mean: [2], covariance: [[0]] } })
    expect(map(gaussian, 3, [-4, 2, 7])).toEqual([2, 2, 2])
    expect(map(onLine([0, 1, 0], [-9, 1, 3], [0, 0, 1]), 3, [-40, 2, 70])).toEqual([1, 1, 1])
  })

  // by bisection of F₀ − F_t with 150 digits
  it('beside smooth components', () => {
    const problem = onLine([0.3, 0.3, 0.4], [0, 1, -1], [0, 0.5, 0])
    const found = map(problem, 2, [-6, -1.2, -0.4, 0.05, 0.4, 3])
    expect(found.slice(0, 5)).toEqual([-1, -1, 0, 0, 0])
    expect(Math.abs(found[5] - 1.316865118610447)).toBeLessThan(1e-14)
  })

  it('are the nearest ones at small times, however small the probabilities', () => {
    for (const problem of [
      onLine([0.35, 0.65], [0, 4], [0, 0]),
      parseProblem({ process: ve, data: { kind: 'empirical', points: [[0], [4]], bandwidth: 0 } }),
    ])
      for (const t of [0.3, 0.1, 1e-3, 1e-100])
        expect(map(problem, t, [-1, 1, 1.9, 2.1, 3, 3.9, 9])).toEqual([0, 0, 0, 4, 4, 4, 4])
  })
})

describe('between narrow modes', () => {
  it('a point goes to the nearer mode, where its probability alone would not tell', () => {
    const problem = onLine([0.35, 0.65], [0, 4], [0.01, 0.01])
    const widths = Math.hypot(0.01, 0.1) / 0.01
    // far from the other mode each component is mapped by its own linear map
    const wanted = [1.2 / widths, 4 - 1 / widths, 4 - 0.5 / widths]
    map(problem, 0.1, [1.2, 3, 3.5]).forEach((value, i) => {
      expect(Math.abs(value - wanted[i])).toBeLessThan(1e-12)
    })
  })
})
