import { describe, expect, it } from 'vitest'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { points } from '../../src/points/points.ts'
import { probabilityFlow } from '../../src/problem/probability-flow.ts'
import { solve } from '../../src/solve.ts'

const custom = (drift: string, sigma: string, mean: number, variance: number, grid: object = {}) =>
  createProblem({
    process: { kind: 'custom', drift, sigma, grid },
    data: { kind: 'gaussian', mean: [mean], covariance: [[variance]] },
  })
const hill = custom('-x/(1+(x/5000)^6)', '300', 4000, 250_000)

describe('the exact map of a computed density on the line', () => {
  // by a Scharfetter–Gummel finite-volume scheme with 8000 and 16000 cells, extrapolated
  it.each([
    [
      'of a pull that ends far out',
      hill,
      [1000, 1500, 2000, 2500],
      [3086.707927, 3927.939258, 4649.557485, 5189.561454],
    ],
    [
      'of a bump in the drift',
      custom('-x - 20*(x-4)*exp(-20*(x-4)^2)', '1.5', 3, 1),
      [3, 4, 4.5, 5],
      [4.75598834, 5.68697804, 6.24469094, 6.72405048],
    ],
  ])(
    '%s',
    async (_, problem, x, wanted) => {
      const f = await solve(problem, exact(), { time: 1 })
      const found = f.evaluate(1, points(Float64Array.from(x), 1)).data
      wanted.forEach((value, i) => {
        expect(Math.abs(found[i] / value - 1)).toBeLessThan(1e-6)
      })
    },
    60_000,
  )

  it.each([
    // by the same scheme in another hand, and by the equation of F_t with central differences and the implicit midpoint rule
    [
      'a corner',
      'x > 3500 ? -(x-3500) : 0',
      [300, 4000, 250_000],
      [3000, 3600, 4000, 4800],
      [3148.8338925, 3859.926783, 4586.115365, 6068.99724],
    ],
  ] as const)(
    'of a drift with %s',
    async (_, drift, [sigma, mean, variance], x, wanted) => {
      const f = await solve(custom(drift, `${sigma}`, mean, variance), exact(), { time: 1 })
      const found = f.evaluate(1, points(Float64Array.from(x), 1)).data
      wanted.forEach((value, i) => {
        expect(Math.abs(found[i] - value)).toBeLessThan(1e-6 * Math.sqrt(variance))
      })
      expect(() => f.evaluate(1, points(Float64Array.of(9e4), 1))).toThrow(/is not known well enough/)
    },
    60_000,
  )

  it('goes along the characteristics outside the box of p_t', async () => {
    const f = await solve(hill, exact(), { time: 1 })
    const found = f.evaluate(1, points(Float64Array.of(-20_000, -1000, 0, 9000, 20_000), 1)).data
    expect(found.every((value, i) => Number.isFinite(value) && (i === 0 || value > found[i - 1]))).toBe(true)
  })

  it('is refused where a characteristic leads elsewhere, or the mass is not 1', async () => {
    const { law } = hill
    if (!law?.logDensity) throw new Error('the drift is not linear')
    const { logDensity } = law
    const spoilt = (change: (x: number) => number) => ({
      ...probabilityFlow(hill, law),
      law: {
        ...law,
        box: law.box,
        logDensity: (t: number, x: Float64Array, out: Float64Array) => {
          logDensity(t, x, out)
          if (t === 0) return
          x.forEach((value, i) => {
            out[i] += change(value)
          })
        },
      },
    })
    await law.prepare(1)
    const run = { time: 1, seed: 0 }
    const heavy = await exact().solveFlow?.(
      spoilt(() => 1e-3),
      run,
    )
    expect(() => heavy?.evaluate(1, Float64Array.of(2000))).toThrow(/adds up to 1\.001/)
    const moved = await exact().solveFlow?.(
      spoilt((x) => 2e-3 * Math.tanh((x - 3250) / 100) + 1.2e-4),
      run,
    )
    expect(() => moved?.evaluate(1, Float64Array.of(3000))).toThrow(/along the characteristic|adds up/)
  })
})

it('log p on a grid does not rise beyond its box', async () => {
  const { law } = hill
  await law?.prepare(1)
  const [low, high] = law?.box?.[0] ?? [0, 0]
  const out = new Float64Array(40)
  for (const [edge, side] of [
    [low, -1],
    [high, 1],
  ]) {
    const x = out.map((_, i) => edge + (side * i * (high - low)) / 80)
    for (const t of [0.01, 0.5, 1]) {
      law?.logDensity?.(t, x, out)
      expect(out.every((value, i) => i === 0 || value <= out[i - 1])).toBe(true)
    }
  }
})

it('a drift that changes between the nodes of the grid is refused', async () => {
  const problem = custom('-x - 300*(x-0.3)*exp(-1e5*(x-0.3)^2) + 40*exp(-1e5*(x-1)^2)', '1', 0, 1)
  await expect(solve(problem, rungeKutta(), { time: 1 })).rejects.toThrow(
    /drift at x = 0.295\d* is .*more grid.nodes/,
  )
})
