import { describe, expect, it } from 'vitest'
import { certify } from '../../src/certificate/certify.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact, gaussianBaseline } from '../../src/exact/exact.ts'
import { measureError } from '../../src/metrics/measure-error.ts'
import { pointsToRows } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'
import { trajectories } from '../../src/trajectories.ts'

const gaussian = { kind: 'gaussian', mean: [1], covariance: [[4]] } as const
const modes = { kind: 'mixture', weights: [0.3, 0.7], means: [-2, 1], stds: [0.5, 0.6] } as const
const of = (kind: 've' | 'vp' | 'flowMatching', data: ProblemSpec['data'] = modes) =>
  createProblem({ process: { kind }, data })
const T = { ve: 10, vp: 0.8, flowMatching: 0.9 } as const
const kinds = ['ve', 'vp', 'flowMatching'] as const

describe.each(kinds)('in the time and coordinates of %s', (kind) => {
  const problem = of(kind, gaussian)
  const time = T[kind]
  // x₀ = μ + √(α²s² + σ²)⁻¹ s (x − αμ)
  const map = (t: number, X: Parameters<typeof pointsToRows>[0]) => {
    const [alpha, sigma] = [problem.process.alpha(t), problem.process.sigma(t)]
    return pointsToRows(X).map(([x]) => [1 + (2 * (x - alpha)) / Math.hypot(2 * alpha, sigma)])
  }

  it('the error of a function that is right is none, and so is its certificate', async () => {
    const error = await measureError(map, problem, { time, samples: 512 })
    expect(error.relativeError).toBeLessThan(1e-8)
    expect(error).toMatchObject({ time, samples: 512, seed: 0, sampling: 'importance' })
    const { estimate, byTime } = await certify(map, problem, { time, samples: 512 })
    expect(estimate).toBeLessThan(1e-6)
    expect(byTime.map((at) => at.time)).toEqual(byTime.map((at) => at.time).sort((a, b) => a - b))
    expect([byTime[0].time, byTime[byTime.length - 1].time]).toEqual([0, time])
  })

  it('the error of one that is off by a tenth of the deviation is a tenth, and the certificate is no less', async () => {
    const off = (t: number, X: Parameters<typeof map>[1]) => map(t, X).map(([x]) => [x + (0.2 * t) / time])
    const { relativeError } = await measureError(off, problem, { time, samples: 512 })
    expect(relativeError).toBeCloseTo(0.1, 8)
    const found = await certify(off, problem, { time, samples: 512 })
    expect(found.estimate).toBeGreaterThanOrEqual(relativeError - 1e-12)
    expect(found.estimate).toBeLessThan(0.11)
    expect(found.increments[found.increments.length - 1].to).toBe(time)
  })

  it('trajectories follow the map, forward and backward', async () => {
    const times = [time, 0.5 * time, 0.01 * time, 0]
    const X = [[3], [-1]]
    const back = await trajectories(problem, X, { times })
    expect(back.positions.shape).toEqual([4, 2, 1])
    expect([...back.times]).toEqual(times)
    const ends = map(time, { data: X.flat(), shape: [2, 1] })
    const there = await trajectories(problem, ends, { times: times.reverse() })
    for (let k = 0; k < 4; k++)
      for (let i = 0; i < 2; i++) {
        const x = back.positions.get(k, i, 0)
        expect(x).toBeCloseTo(there.positions.get(3 - k, i, 0), 7)
        expect(map(back.times[k], { data: [x], shape: [1, 1] })[0][0]).toBeCloseTo(ends[i][0], 7)
      }
  })
})

describe('of what solve gives', () => {
  it('exact maps and characteristics have no error, a Gaussian in place of two modes has much', async () => {
    const problem = of('vp')
    const options = { time: 0.8, samples: 2048, seed: 3 }
    const error = async (method: Parameters<typeof solve>[1]) =>
      measureError(await solve(problem, method, { time: 0.8 }), problem, options)
    expect((await error(exact())).relativeError).toBeLessThan(1e-8)
    expect((await error(rungeKutta({ rtol: 1e-10 }))).relativeError).toBeLessThan(1e-8)
    const gaussian = await error(gaussianBaseline())
    expect(gaussian.relativeError).toBeGreaterThan(0.1)
    expect(gaussian).toEqual(await error(gaussianBaseline()))
  })

  it('the certificate of any map is no less than its error on the same trajectories', async () => {
    const problem = of('ve')
    const f = await solve(problem, gaussianBaseline(), { time: 10 })
    const { relativeError } = await measureError(f, problem, { time: 10, samples: 1024 })
    const found = await certify(f, problem, { time: 10, samples: 1024 })
    expect(found.incrementBound).toBeGreaterThanOrEqual(relativeError * (1 - 1e-6))
    expect(found.estimate).toBeGreaterThanOrEqual(found.incrementBound)
  })

  it('data far from the origin are measured as any', async () => {
    const far = { kind: 'mixture', weights: [0.5, 0.5], means: [1e8, 1e8 + 3], stds: [0.5, 0.6] } as const
    const problem = of('ve', far)
    const f = await solve(problem, exact(), { time: 10 })
    expect((await measureError(f, problem, { time: 10, samples: 256 })).relativeError).toBeLessThan(1e-7)
    expect((await certify(f, problem, { time: 10, samples: 256 })).estimate).toBeLessThan(0.01)
    const { positions } = await trajectories(problem, [[1e8]], { times: [10, 0] })
    expect(positions.get(1, 0, 0)).toBeCloseTo(f.evaluate(10, [[1e8]]).get(0, 0), 6)
  })

  it('an error is measured where the drift is not linear', async () => {
    const problem = createProblem({
      process: {
        kind: 'custom',
        drift: '-x - x^3',
        sigma: '1',
        maximumTime: 1,
        grid: { nodes: 256, tolerance: 1e-3 },
      },
      data: gaussian,
    })
    const f = await solve(problem, exact(), { time: 0.5 })
    const { relativeError, sampling } = await measureError(f, problem, { time: 0.5, samples: 100 })
    expect(sampling).toBe('plain')
    expect(relativeError).toBeLessThan(1e-4)
    await expect(certify(f, problem, { time: 0.5 })).rejects.toThrow('a process with a linear drift')
  })
})

describe('one sentence', () => {
  const problem = of('ve')
  const half = (_t: number, X: Parameters<typeof pointsToRows>[0]) => pointsToRows(X).slice(1)
  it.each<[string, () => Promise<unknown>]>([
    ['expected [8, 1], that of X', () => measureError(half, problem, { time: 10, samples: 8 })],
    [
      '[0] is NaN; expected finite numbers',
      () =>
        measureError(
          (_, X) => ({ data: Float64Array.from(X.data, () => Number.NaN), shape: X.shape }),
          problem,
          { time: 10, samples: 8 },
        ),
    ],
    ['time is 0', () => measureError(half, problem, { time: 0 })],
    ['samples is 1.5', () => measureError(half, problem, { time: 1, samples: 1.5 })],
    ['intervals is 3; expected an even number', () => certify(half, problem, { time: 1, intervals: 3 })],
    ['f is missing', () => measureError(undefined as never, problem, { time: 1 })],
    [
      'times[2] is 2; expected times that only grow',
      () => trajectories(problem, [[1]], { times: [0, 3, 2] }),
    ],
    ['expected at least one time', () => trajectories(problem, [[1]], { times: [] })],
    ['times[0] is -1', () => trajectories(problem, [[1]], { times: [-1, 3] })],
    ['the shape of X', () => trajectories(problem, [[1, 2]], { times: [1, 0] })],
  ])('%s', async (sentence, run) => {
    await expect(run()).rejects.toThrow(sentence)
  })
})
