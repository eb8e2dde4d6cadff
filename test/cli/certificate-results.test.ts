import { expect, it } from 'vitest'
import { plainEstimates } from '../../cli/certificate-results.ts'
import { createProblem } from '../../src/create/create-problem.ts'

it('the interval of a plain sample holds the error of a much larger one, and little more', async () => {
  const problem = createProblem({
    process: { kind: 've' },
    data: { kind: 'mixture', weights: [0.5, 0.5], means: [-2, 2], stds: [0.5, 0.5] },
  })
  // x c/√(c² + t²) with c² = 4.25: the map of the Gaussian with the same moments
  const at = (t: number) => Math.sqrt(4.25 / (4.25 + t * t))
  const map = {
    functionEvaluations: 0,
    evaluate: (t: number, x: Float64Array) => x.map((value) => value * at(t)),
    jvp: (t: number, x: Float64Array, dx: Float64Array) => ({
      value: x.map((value) => value * at(t)),
      tangent: x.map((value, i) => at(t) * (dx[i] - (value * t) / (4.25 + t * t))),
    }),
  }
  const io = { stdout() {}, stderr() {} }
  const estimates = (count: number) =>
    plainEstimates(map, problem, { time: 5, count, intervals: 8, seed: 1 }, io)
  const [few, many] = [(await estimates(400)).trueError, (await estimates(20_000)).trueError]
  const [low, high] = few.interval
  expect(low).toBeLessThan(many.value)
  expect(high).toBeGreaterThan(many.value)
  expect(high - low).toBeLessThan(0.5 * few.value)
  expect(high - low).toBeGreaterThan(0.02 * few.value)
})
