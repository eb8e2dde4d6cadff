import { describe, expect, it } from 'vitest'
import { sampler } from '../../solvers/sampling/index.ts'
import { certify } from '../../src/certificate/certify.ts'
import { measurePairs } from '../../src/certificate/measure-pairs.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { measureError } from '../../src/metrics/measure-error.ts'
import { type Points, pointsToRows } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'

const [MEAN, STD] = [1, 2]
const data = { kind: 'gaussian', mean: [MEAN], covariance: [[STD ** 2]] } as const

// the end of a process that ends in noise alone among them
describe.each([
  ['ve', 10, 0.4],
  ['ve', Infinity, 3],
  ['vp', 0.8, 0.2],
  ['flowMatching', 1, 0.25],
  ['cosine', 1, 0.5],
  ['ddpm', 1000, 40],
] as const)('two-time maps of %s from %d to %d', (kind, time, to) => {
  const problem = createProblem({ process: { kind }, data })
  const { process } = problem
  const deviation = (t: number) => Math.hypot(process.alpha(t) * STD, process.sigma(t))
  // f(t → u, x) = α_u μ + s_u/s_t (x − α_t μ) of N(μ, s²), and so far beside it
  const map = (t: number, u: number, X: Points, off = 0) =>
    pointsToRows(X).map(([x]) => [
      process.alpha(u) * (MEAN + off * (t > u ? 1 : 0)) +
        (deviation(u) / deviation(t)) * (x - process.alpha(t) * MEAN),
    ])
  const options = { time, to, samples: 256 }

  it('the right one has no error and no certificate', async () => {
    const error = await measureError((t, X) => map(t, to, X), problem, options)
    expect(error.relativeError).toBeLessThan(1e-8)
    expect(error).toMatchObject({ time, to })
    const found = await certify((t, X) => map(t, to, X), problem, options)
    expect(found.estimate).toBeLessThan(1e-6)
    expect(found.byTime[0].time).toBe(to)
    expect(found.byTime.at(-1)?.time).toBe(time)
    const pairs = await measurePairs(map, problem, { ...options, intervals: 4 })
    expect(pairs).toHaveLength(10)
    for (const pair of pairs) expect(pair.error).toBeLessThan(1e-8)
    expect(pairs[0].to).toBe(to)
    expect(pairs.at(-1)?.from).toBe(time)
  })

  it('one that is off has the error that it is off by', async () => {
    const wrong = (t: number, X: Points) => map(t, to, X, 0.2)
    const { relativeError } = await measureError(wrong, problem, options)
    expect(relativeError).toBeCloseTo(0.1, 8)
    expect((await certify(wrong, problem, options)).estimate).toBeGreaterThanOrEqual(0.1 - 1e-9)
    const pairs = await measurePairs((t, u, X) => map(t, u, X, 0.2), problem, { ...options, intervals: 4 })
    for (const pair of pairs) {
      const spread = deviation(pair.to) / process.alpha(pair.to)
      expect(pair.error).toBeCloseTo(0.2 / spread, 8)
    }
  })

  it('consistency functions with a flow are two-time maps', async () => {
    for (const method of [exact(), rungeKutta()]) {
      const f = await solve(problem, method, { time })
      expect((await measureError(f, problem, options)).relativeError).toBeLessThan(1e-8)
      expect((await certify(f, problem, { ...options, intervals: 8 })).estimate).toBeLessThan(1e-4)
      for (const pair of await measurePairs(f, problem, { ...options, intervals: 3 }))
        expect(pair.error).toBeLessThan(1e-7)
    }
  })
})

it('all pairs from 0 on, to 0 among them, in a mixture in the plane', async () => {
  const problem = createProblem({
    process: { kind: 'flowMatching' },
    data: {
      kind: 'mixture',
      weights: [0.4, 0.6],
      means: [
        [-1, 0],
        [1, 0.5],
      ],
      stds: [0.3, 0.5],
    },
  })
  const f = await solve(problem, rungeKutta({ rtol: 1e-11 }), { time: 1 })
  const pairs = await measurePairs(f, problem, { time: 1, samples: 128, intervals: 3, seed: 4 })
  // even in θ = arctan(t/((1 − t) c)): π/6 and π/3
  const c = problem.density.moments.scale
  const times = [0, ...[6, 3].map((part) => c * Math.tan(Math.PI / part)).map((tau) => tau / (1 + tau)), 1]
  const expected = [1, 2, 3].flatMap((k) => times.slice(0, k).map((u) => [times[k], u]))
  expect(pairs).toHaveLength(6)
  pairs.forEach(({ error, from, to }, k) => {
    expect(from).toBeCloseTo(expected[k][0], 9)
    expect(to).toBeCloseTo(expected[k][1], 9)
    expect(error).toBeLessThan(1e-7)
  })
})

it('a drift that is not linear has errors of maps to a later time than 0', async () => {
  const problem = createProblem({
    process: { kind: 'custom', drift: '-x^3', sigma: '1', maximumTime: 0.5 },
    data: { kind: 'gaussian', mean: [0.2], covariance: [[0.3]] },
  })
  const f = await solve(problem, rungeKutta({ rtol: 1e-8 }), { time: 0.5 })
  const options = { time: 0.5, to: 0.2, samples: 64 }
  expect((await measureError(f, problem, options)).relativeError).toBeLessThan(1e-4)
  const identity = await measureError((_, X) => X, problem, options)
  expect(identity.relativeError).toBeGreaterThan(0.05)
})

describe('are refused in a sentence', () => {
  const problem = createProblem({ process: { kind: 'vp' }, data })
  const same = (_t: number, X: Points) => X

  it('times that are no pair', async () => {
    for (const [to, said] of [
      [0.8, /^to is 0.8; expected a time below 0.8/],
      [0.9, /^to is 0.9; expected a time below 0.8/],
      [-1, /^to is -1;/],
      [Number.NaN, /^to is NaN;/],
    ] as const) {
      await expect(measureError(same, problem, { time: 0.8, to })).rejects.toThrow(said)
      await expect(certify(same, problem, { time: 0.8, to })).rejects.toThrow(said)
      await expect(measurePairs((_t, _u, X) => X, problem, { time: 0.8, to })).rejects.toThrow(said)
    }
  })

  it('maps that lead to time 0 alone', async () => {
    const f = await solve(problem, sampler({ steps: 4 }), { time: 0.8 })
    const to = { time: 0.8, to: 0.1, samples: 16 }
    await expect(measureError(f, problem, to)).rejects.toThrow(/^to is 0.1; expected 0: f leads to time 0/)
    await expect(certify(f, problem, to)).rejects.toThrow(/f leads to time 0 alone/)
    await expect(measurePairs(f, problem, { time: 0.8, samples: 16 })).rejects.toThrow(/leads to time 0/)
  })

  it('values of another shape, and values that are no numbers', async () => {
    const options = { time: 0.8, samples: 16, intervals: 2 }
    await expect(measurePairs(() => [[0]], problem, options)).rejects.toThrow(
      /the shape of f\(.*, 0, X\) is \[1,1\]; expected \[16, 1\]/,
    )
    const none = (_t: number, _u: number, X: Points) => pointsToRows(X).map(() => [Number.NaN])
    await expect(measurePairs(none, problem, options)).rejects.toThrow(
      /^f\(0\.\d+, 0, X\)\[0\]\[0\] is NaN; expected /,
    )
  })
})
