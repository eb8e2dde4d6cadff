import { describe, expect, it } from 'vitest'
import { pinn } from '../../solvers/neural/index.ts'
import { certificate } from '../../src/certificate/certificate.ts'
import { certify } from '../../src/certificate/certify.ts'
import { createProblem, parseProblem } from '../../src/create/create-problem.ts'
import { gaussianBaseline } from '../../src/exact/exact.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { measureError } from '../../src/metrics/measure-error.ts'
import { type Points, points } from '../../src/points/points.ts'
import { veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'

const data = {
  kind: 'mixture',
  weights: [0.4, 0.6],
  means: [
    [-1, 0],
    [1, 0.5],
  ],
  stds: [0.4, 0.5],
}

it('a network for flow matching is trained and certified to t = 1', { timeout: 120_000 }, async () => {
  const problem = parseProblem({ process: { kind: 'flowMatching' }, data })
  const { density, process } = problem
  const f = await solve(problem, pinn({ steps: 300, batch: 128, width: 24, layers: 2 }), { time: 1, seed: 3 })
  const sample = carriedSample(density, {
    time: veTime(process, 1),
    count: 1000,
    intervals: 64,
    random: new Random(2),
  })
  const found = certificate(f.ve, density, sample)
  const last = sample.times.length - 1
  const values = f.ve.evaluate(sample.times[last], sample.positions[last])
  const { relativeError } = errorStatistics(sample.x0, values, sample.weights, density.moments.trace)
  expect(relativeError).toBeGreaterThan(0.005)
  expect(relativeError).toBeLessThan(0.3)
  expect(found.estimate).toBeGreaterThan(relativeError)
  expect(found.estimate).toBeLessThan(4 * relativeError)
  // the residual by the angle goes on smoothly to the end
  const [a, b, c] = found.byTime.slice(-3).map(({ density }) => density)
  expect(Math.abs(c - 2 * b + a)).toBeLessThan(0.1 * b)
  // the noise itself, as the points of the process: the ends of the same trajectories
  const noise = sample.positions[last].map((value) => value / sample.times[last])
  const own = f.evaluate(1, points(noise, 2)).data
  values.forEach((value, i) => {
    expect(Math.abs(own[i] - value)).toBeLessThan(1e-6)
  })
})

describe('maps made to fool a certificate, in every process', () => {
  const processes: readonly (readonly [ProblemSpec['process'], number])[] = [
    [{ kind: 've' }, Infinity],
    [{ kind: 'vp' }, 1],
    [{ kind: 'subVp' }, 1],
    [{ kind: 'flowMatching' }, 1],
    [{ kind: 'cosine' }, 1],
    [{ kind: 'ddpm' }, 1000],
    [{ kind: 'interpolant', alpha: 'cos(pi / 2 * t)', sigma: 'sin(pi / 2 * t)' }, 1],
  ]
  // errors that come at the last moment, at the first one, in a moment between, for a moment, and for some points alone
  const hostile: readonly ((share: number, first: number) => number)[] = [
    (share) => (share >= 1 ? 0.5 : 0),
    (share) => (share > 1 - 1e-9 ? 0.5 : 0),
    (share) => 0.3 * Math.tanh(share / 1e-7),
    (share) => 0.1 / (1 + Math.exp(Math.min(700, (0.37 - share) / 1e-5))),
    (share) => 0.1 * Math.exp(-(((share - 1) / 1e-4) ** 2)),
    (share, first) => (share > 0.3 && first > 1.5 ? 1 : 0),
  ]

  it.each(processes)('%j to t = %d: none has a bound below its error', async (process, time) => {
    const problem = createProblem({
      process,
      data: {
        kind: 'gaussian',
        mean: [0.3, -0.2],
        covariance: [
          [1, 0.3],
          [0.3, 0.6],
        ],
      },
    })
    const truth = await solve(problem, gaussianBaseline(), { time })
    for (const error of hostile) {
      const f = (t: number, X: Points) => {
        const values = truth.evaluate(t, X)
        const share = time === Infinity ? t / (1 + t) : t / time
        for (let row = 0; row < X.shape[0]; row++) {
          const off = error(Number.isNaN(share) ? 1 : share, X.get(row, 0))
          for (let i = 0; i < 2; i++) values.set(row, i, values.get(row, i) + off)
        }
        return values
      }
      const options = { time, samples: 200 }
      const { relativeError } = await measureError(f, problem, options)
      const { estimate } = await certify(f, problem, options)
      expect(relativeError).toBeGreaterThan(0.01)
      expect(estimate).toBeGreaterThanOrEqual(relativeError * (1 - 1e-12))
    }
  })
})
