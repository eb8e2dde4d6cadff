import { expect, test } from 'vitest'
import { parseProblem } from '../../src/create/create-problem.ts'
import { linearMoments } from '../../src/problem/processes/linear-moments.ts'

test.each([Number.NaN, Number.POSITIVE_INFINITY])('coefficients that are %d are given up soon', (value) => {
  let evaluations = 0
  const square = () => {
    evaluations++
    return value
  }
  const { maximumTime } = linearMoments({ beta: () => 0, gamma: () => 0, square })
  expect(maximumTime).toBe(0)
  expect(evaluations).toBeLessThan(10_000)
})

test.each(['sqrt(-1 + t)', 'sqrt(t - 100)', 'log(t - 0.5)'])(
  'a sigma without values where the process starts, %s, is refused soon',
  (sigma) => {
    const start = process.cpuUsage()
    const problem = {
      process: { kind: 'custom', drift: '-x/2', sigma },
      data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
    }
    expect(() => parseProblem(problem)).toThrow('expected a drift and a sigma that are smooth from t = 0 on.')
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(1)
  },
)
