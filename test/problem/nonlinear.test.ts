import { describe, expect, it } from 'vitest'
import { gridMethod } from '../../solvers/grid/index.ts'
import { sampler } from '../../solvers/sampling/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { exact } from '../../src/exact/exact.ts'
import { points } from '../../src/points/points.ts'
import { denoiser, logDensity, sampleNoised, score } from '../../src/problem/evaluate.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'

const mixture = { kind: 'mixture', weights: [0.3, 0.7], means: [[-1], [1.2]], stds: [0.3, 0.5] }
const gaussian = { kind: 'gaussian', mean: [0.3], covariance: [[0.25]] }
const formula = { kind: 'formula', density: 'exp(-2 (x^2 - 1)^2)' }
const largest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])))

describe('a linear drift solved on a grid', () => {
  const line = Float64Array.from({ length: 121 }, (_, i) => -3 + i / 20)
  it.each([
    ['Ornstein–Uhlenbeck, Gaussian', '-x', 'sqrt(2)', gaussian],
    ['Ornstein–Uhlenbeck, two modes', '-x', 'sqrt(2)', mixture],
    ['vp', '-(0.1 + 19.9 t) x / 2', 'sqrt(0.1 + 19.9 t)', mixture],
  ])('is within 1e-6 of the closed form on the line: %s', async (_, drift, sigma, data) => {
    const process = { kind: 'custom', drift, sigma, maximumTime: 1 }
    const own = parseProblem({ process: { ...process, grid: {} }, data })
    const known = parseProblem({ process, data })
    expect(own.process.nonlinear).toBeDefined()
    expect(known.process.nonlinear).toBeUndefined()
    const truth = (await solve(known, exact(), { time: 1 })).evaluate(1, points(line, 1)).data
    for (const method of [rungeKutta(), exact()]) {
      const f = await solve(own, method, { time: 1 })
      expect(largest(f.evaluate(1, points(line, 1)).data, truth)).toBeLessThan(1e-6)
    }
    for (const t of [0, 0.07, 1]) {
      const X = points(line, 1)
      expect(largest(logDensity(own, t, X), logDensity(known, t, X))).toBeLessThan(1e-6)
      expect(largest(score(own, t, X).data, score(known, t, X).data)).toBeLessThan(1e-5)
    }
  })

  it.each([
    ['one formula for both coordinates', '-x'],
    ['two formulas', ['-x1', '-x2']],
  ])('is within 1e-4 of the closed form in the plane: %s', async (_, drift) => {
    const data = {
      kind: 'gaussian',
      mean: [0.5, -0.2],
      covariance: [
        [0.5, 0.2],
        [0.2, 0.3],
      ],
    }
    const process = { kind: 'custom', sigma: 'sqrt(2)', maximumTime: 1 }
    const own = parseProblem({ process: { ...process, drift, grid: { nodes: 64 } }, data })
    const known = parseProblem({ process: { ...process, drift: '-x' }, data })
    const random = new Random(4)
    const X = points(
      Float64Array.from({ length: 400 }, () => random.normal()),
      2,
    )
    const f = await solve(own, rungeKutta({ rtol: 1e-7 }), { time: 1 })
    const truth = await solve(known, exact(), { time: 1 })
    expect(largest(f.evaluate(1, X).data, truth.evaluate(1, X).data)).toBeLessThan(1e-4)
  })
})

describe('a double well', () => {
  const process = { kind: 'custom', drift: 'x - x^3', sigma: '1' }
  // p_1 by sinc collocation of the symmetrised generator (spacings 0.05 and 0.04 agree to 5e-12), and its quantile map
  const X = Float64Array.of(-1.8, -1.2, -0.7, -0.25, 0.1, 0.5, 1, 1.6)
  const images = [
    -1.4618400513836127, -1.1072882765680552, -0.8219726103913122, -0.46465931805499566, 0.2289987109695242,
    0.6917741229382747, 0.9945070844446338, 1.340406384375208,
  ]
  const densities = [
    0.03284475706, 0.36339854412, 0.346401369, 0.25038014849, 0.23740047064, 0.29560583714, 0.39837864021,
    0.1193236083,
  ]

  it('has the quantile map and the density of an independent solution', async () => {
    const problem = parseProblem({ process, data: formula })
    for (const method of [exact(), rungeKutta()]) {
      const f = await solve(problem, method, { time: 1 })
      expect(largest(f.evaluate(1, points(X, 1)).data, images)).toBeLessThan(1e-8)
    }
    expect(largest(logDensity(problem, 1, points(X, 1)).map(Math.exp), densities)).toBeLessThan(1e-9)
  })

  it('is carried back from its own images by the flow', async () => {
    const problem = parseProblem({ process, data: gaussian })
    const f = await solve(problem, rungeKutta(), { time: 2 })
    const truth = (await solve(problem, exact(), { time: 2 })).evaluate(2, points(X, 1))
    expect(largest(f.evaluate(2, points(X, 1)).data, truth.data)).toBeLessThan(1e-5)
    const back = f.flow?.evaluate(0, 2, truth)
    expect(largest(back?.data ?? [], X)).toBeLessThan(1e-5)
  })
})

it('a score that is given needs no grid, in any dimension', async () => {
  // Ornstein–Uhlenbeck from N(0, 4 I): variance 1 + 3 exp(−2t) in four dimensions, the drift written so that it is not taken as linear
  const score = Array.from({ length: 4 }, (_, i) => `-x${i + 1} / (1 + 3 exp(-2 t))`)
  const drift = Array.from({ length: 4 }, (_, i) => `-x${i + 1} + (x1 > 1000 ? x1^2 : 0)`)
  const problem = parseProblem({
    process: { kind: 'custom', drift, sigma: 'sqrt(2)' },
    data: { kind: 'expression', score },
  })
  const general = { ...problem, process: { ...problem.process } }
  const f = await solve(general, rungeKutta(), { time: 1.5 })
  const x = Float64Array.of(1, -2, 0.5, 3)
  const factor = 2 / Math.sqrt(1 + 3 * Math.exp(-3))
  expect(
    largest(
      f.evaluate(1.5, points(x, 4)).data,
      x.map((value) => factor * value),
    ),
  ).toBeLessThan(1e-9)
})

describe('what cannot be computed is refused in one sentence', () => {
  const custom = (drift: string | string[], sigma: string, rest: object = {}, data: object = gaussian) => ({
    process: { kind: 'custom', drift, sigma, ...rest },
    data,
  })
  const plane = {
    kind: 'gaussian',
    mean: [0, 0],
    covariance: [
      [1, 0],
      [0, 1],
    ],
  }
  it.each([
    ['a drift with a blow-up', custom('x^3', '1'), 'problem.process.drift'],
    ['a drift that is no number', custom('log(x) + x^2', '1'), 'problem.process.drift'],
    [
      'a grid that is too coarse',
      custom('x - x^3', '1', { grid: { nodes: 32 } }, mixture),
      'problem.process.grid.nodes',
    ],
    [
      'a grid that is too large',
      custom('sin(3 x)', '1', {}, { ...mixture, stds: [1e-4, 1] }),
      'the grid for p_t',
    ],
    [
      'a box that is too small',
      custom('x - x^3', '1', { grid: { box: [[-1, 1]] } }),
      'problem.process.grid.box[0]',
    ],
    [
      'a box of two axes',
      custom('x - x^3', '1', {
        grid: {
          box: [
            [-9, 9],
            [-9, 9],
          ],
        },
      }),
      'problem.process.grid.box',
    ],
    [
      'data that end',
      custom('x - x^3', '1', {}, { kind: 'formula', density: '1', box: [[0, 1]] }),
      'the data',
    ],
    [
      'points',
      custom('x - x^3', '1', {}, { kind: 'empirical', points: [[0], [1]], bandwidth: 0 }),
      'the data',
    ],
    [
      'three dimensions',
      custom(
        'x - x^3',
        '1',
        {},
        { kind: 'radial', dimension: 3, weights: [1], radii: [1], thicknesses: [1] },
      ),
      'the data',
    ],
  ])('%s', async (_, specification, name) => {
    const problem = parseProblem(specification)
    const failing = solve(problem, rungeKutta(), { time: 3 })
    await expect(failing).rejects.toThrow(InputError)
    await expect(failing).rejects.toThrow(name)
  })

  it.each([
    ['two formulas for the line', custom(['x1 - x1^3', '-x2'], '1'), 'problem.process.drift'],
    ['one formula with another coordinate', custom('x1 + x2', '1', {}, plane), 'problem.process.drift'],
    ['a sigma that is not finite', custom('x - x^3', '1/t'), 'problem.process.sigma'],
    ['no noise', custom('x - x^3', '0'), 'problem.process.sigma'],
    [
      'a negative tolerance',
      custom('x - x^3', '1', { grid: { tolerance: -1 } }),
      'problem.process.grid.tolerance',
    ],
    ['half a node', custom('x - x^3', '1', { grid: { nodes: 100.5 } }), 'problem.process.grid.nodes'],
  ])('%s, at once', (_, specification, name) => {
    expect(() => parseProblem(specification)).toThrow(InputError)
    expect(() => parseProblem(specification)).toThrow(name)
  })

  it('methods and functions of the VE process', async () => {
    const problem = parseProblem(custom('x - x^3', '1'))
    for (const method of [gridMethod({ scheme: 'forward-map' }), sampler()])
      await expect(solve(problem, method, { time: 1 })).rejects.toThrow(InputError)
    const X = points(Float64Array.of(1), 1)
    expect(() => denoiser(problem, 1, X)).toThrow(InputError)
    expect(() => sampleNoised(problem, 1, 3, new Random(1))).toThrow(InputError)
  })
})
