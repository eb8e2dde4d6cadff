import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/create/create-problem.ts'
import { fitMixture } from '../../src/fit/fit-mixture.ts'
import { kMeans } from '../../src/fit/k-means.ts'
import { points } from '../../src/points/points.ts'
import { Random } from '../../src/random/random.ts'

/** Two analysers of two factors in 6-D. */
const law = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.65, 0.35],
    means: [
      [0, 0, 0, 0, 0, 0],
      [3, 1, 0, -2, 0, 1],
    ],
    factors: [
      [
        [1.5, 0],
        [0, 1],
        [0.5, 0.5],
        [0, 0],
        [0.3, -0.6],
        [0, 0.2],
      ],
      [
        [0, 0.4],
        [1, 0],
        [0, 0],
        [0, 1.2],
        [0.5, 0.5],
        [-0.8, 0],
      ],
    ],
    noise: [0.3, 0.5],
  },
}).density
const d = law.dimension
const draw = (n: number, seed: number) => law.sample?.(n, new Random(seed)) ?? new Float64Array(0)

function meanLog(density: typeof law, x: Float64Array): number {
  const out = new Float64Array(x.length / d)
  density.logDensity?.(0, x, out)
  return out.reduce((sum, value) => sum + value, 0) / out.length
}

describe('data drawn from a known law', async () => {
  const rows = points(draw(6000, 1), d)
  const fit = await fitMixture(rows, { components: 2, factors: 2, seed: 3 })
  const { density } = createProblem(fit.problem)

  it('gives its weights, means, covariances and noise again', () => {
    const data = fit.problem.data
    if (data.kind !== 'mixture') throw new Error(data.kind)
    expect(Math.abs(data.weights[0] - 0.65)).toBeLessThan(0.02)
    const noise = data.noise as number[]
    expect(Math.abs(noise[0] - 0.3)).toBeLessThan(0.01)
    expect(Math.abs(noise[1] - 0.5)).toBeLessThan(0.02)
    const means = data.means as number[][]
    means[1].forEach((value, i) => {
      expect(Math.abs(value - [3, 1, 0, -2, 0, 1][i])).toBeLessThan(0.15)
    })
    const factors = data.factors as number[][][]
    const cross = factors[0][0].reduce((sum, value, j) => sum + value * factors[0][2][j], 0)
    expect(Math.abs(cross - 0.75)).toBeLessThan(0.06)
  })

  it('has nearly the log-likelihood of the law itself on other rows', () => {
    const x = draw(20_000, 9)
    const lost = meanLog(law, x) - meanLog(density, x)
    expect(lost).toBeGreaterThan(-0.002)
    expect(lost).toBeLessThan(0.02)
  })

  it('ascends at each step, to what the density of the problem says', () => {
    fit.curve.forEach((value, i) => {
      if (i > 0) expect(value).toBeGreaterThan(fit.curve[i - 1] - 1e-9)
    })
    expect(fit.converged).toBe(true)
    expect(fit.rowsHeldOut).toBe(1200)
    expect(Math.abs((fit.heldOut ?? 0) - fit.logLikelihood)).toBeLessThan(0.15)
    const all = fit.logLikelihood * fit.rows + (fit.heldOut ?? 0) * fit.rowsHeldOut
    expect(all / 6000).toBeCloseTo(meanLog(density, draw(6000, 1)), 9)
  })

  it('is the same for the same seed, and in other units and places but for these', async () => {
    const small = points(draw(500, 2), d)
    const moved = points(
      draw(500, 2).map((value) => 1e3 * value + 1e7),
      d,
    )
    const options = { components: 2, factors: 1, seed: 1, heldOut: 0, steps: 20 }
    const [a, b, c] = [
      await fitMixture(small, options),
      await fitMixture(small, options),
      await fitMixture(moved, options),
    ]
    expect(b).toEqual(a)
    expect(c.logLikelihood).toBeCloseTo(a.logLikelihood - d * Math.log(1e3), 4)
  })
})

it('takes the numbers of components and factors that do best on the rows held out', async () => {
  const rows = points(draw(1500, 5), d)
  const fit = await fitMixture(rows, { components: [1, 2], factors: [0, 2], seed: 0 })
  expect(fit.candidates.map(({ components, factors }) => [components, factors])).toEqual([
    [1, 0],
    [1, 2],
    [2, 0],
    [2, 2],
  ])
  expect([fit.components, fit.factors]).toEqual([2, 2])
  expect(fit.heldOut).toBe(Math.max(...fit.candidates.map(({ heldOut }) => heldOut ?? -Infinity)))
})

it('keeps the noise at its floor, and the likelihood ascending there', async () => {
  // rows on a plane: without a floor the likelihood has no bound
  const random = new Random(1)
  const rows = Array.from({ length: 200 }, () => {
    const [a, b] = [random.normal(), random.normal()]
    return [a, b, a + b, a - b]
  })
  const fit = await fitMixture(rows, { components: 2, factors: 2, heldOut: 0, leastNoise: 0.05 })
  const data = fit.problem.data
  expect(data.kind === 'mixture' && data.noise).toEqual([0.05, 0.05])
  fit.curve.forEach((value, i) => {
    if (i > 0) expect(value).toBeGreaterThan(fit.curve[i - 1] - 1e-9)
  })
})

it('gives standard deviations where there are no factors', async () => {
  const fit = await fitMixture([1, 1.1, 0.9, 4, 4.2, 3.8], { components: 2, heldOut: 0 })
  const data = fit.problem.data
  expect(data.kind === 'mixture' && data.stds).toHaveLength(2)
  expect(createProblem(fit.problem).density.moments.mean[0]).toBeCloseTo(2.5, 6)
})

it('finds clusters that are far apart, whatever the seed', () => {
  const centres = [0, 10, 20, 30]
  for (const seed of [0, 1, 2, 3, 4]) {
    const random = new Random(seed)
    const x = Float64Array.from({ length: 80 }, (_, i) => centres[i % 4] + random.normal())
    const labels = kMeans(x, 1, 4, random)
    expect(new Set(labels.slice(0, 4)).size).toBe(4)
    expect(labels).toEqual(labels.map((_, i) => labels[i % 4]))
  }
})

it.each([
  ['more components than rows', [[0], [1]], { components: 3 }, 'components'],
  ['no component', [[0], [1]], { components: 0 }, 'components'],
  [
    'too many factors',
    [
      [0, 1],
      [1, 0],
    ],
    { components: 1, factors: 2 },
    'factors',
  ],
  ['a choice without rows to judge by', [[0], [1], [3]], { components: [1, 2], heldOut: 0 }, 'heldOut'],
  ['all rows held out', [[0], [1]], { components: 1, heldOut: 1 }, 'heldOut'],
  [
    'rows that are all the same',
    [
      [1, 1],
      [1, 1],
    ],
    { components: 1, heldOut: 0 },
    'rows',
  ],
  ['no noise', [[0], [1]], { components: 1, leastNoise: 0 }, 'leastNoise'],
])('refuses %s by name', async (_, rows, options, parameter) => {
  await expect(fitMixture(rows, options)).rejects.toThrow(
    expect.objectContaining({ name: 'InputError', parameter }),
  )
})
