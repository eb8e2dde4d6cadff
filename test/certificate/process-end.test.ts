import { expect, it } from 'vitest'
import { pinn } from '../../solvers/neural/index.ts'
import { certificate } from '../../src/certificate/certificate.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { points } from '../../src/points/points.ts'
import { veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'

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
