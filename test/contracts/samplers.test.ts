import { describe, expect, it } from 'vitest'
import { sampler } from '../../solvers/sampling/index.ts'
import { type SamplerName, samplerNames, samplingSchemes } from '../../solvers/sampling/schemes.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { normalCdf } from '../../src/exact/normal.ts'
import { kolmogorovSmirnov } from '../../src/metrics/kolmogorov-smirnov.ts'
import { points, pointsFromRows } from '../../src/points/points.ts'
import { denoiser } from '../../src/problem/evaluate.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { observedOrder } from '../characteristics/observed-order.ts'

/**
 * What is published of each: the order in the number of steps, null where noise is added and only the law is that of the data, and
 * the evaluations of the denoiser in K steps, the last one to t = 0 among them. A new sampler has a line here.
 */
const published = {
  euler: { order: 1, evaluations: (steps) => steps },
  heun: { order: 2, evaluations: (steps) => 2 * steps - 1 },
  'dpm-2m': { order: 2, evaluations: (steps) => steps },
  'dpm-3m': { order: 3, evaluations: (steps) => steps + 1 },
  ancestral: { order: null, evaluations: (steps) => steps },
} satisfies Record<SamplerName, { order: number | null; evaluations(steps: number): number }>

const smooth = createProblem({
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.5, 0.5], means: [[-1.5], [1.5]], stds: [0.8, 0.8] },
})
const gaussian = createProblem({
  process: { kind: 've' },
  data: { kind: 'gaussian', mean: [1], covariance: [[4]] },
})

describe.each(samplerNames)('the sampler %s', (solver) => {
  const { order, evaluations } = published[solver]

  it('says its order, and counts its evaluations', async () => {
    expect(samplingSchemes[solver].order).toBe(order)
    for (const steps of [1, 2, 3, 12]) {
      const f = await solve(gaussian, sampler({ solver, steps }), { time: 10 })
      f.evaluate(10, pointsFromRows([[1], [2], [-4]]))
      // one step is D(t, x) with every sampler
      expect(f.info.functionEvaluations).toBe(3 * (steps === 1 ? 1 : evaluations(steps)))
    }
  })

  it.skipIf(order === null).each(['karras', 'log', 'cosine'] as const)(
    'has its order on %s times',
    async (schedule) => {
      const [time, sigmaMin] = [10, 0.3]
      const X = pointsFromRows(Array.from({ length: 41 }, (_, i) => [i - 19.9]))
      const f = await solve(smooth, rungeKutta({ rtol: 1e-12, atol: 1e-13 }), { time })
      const truth = denoiser(smooth, sigmaMin, f.flow?.evaluate(time, sigmaMin, X) ?? expect.fail('no flow'))
      const steps = [128, 256]
      const errors: number[] = []
      for (const count of steps) {
        const g = await solve(smooth, sampler({ solver, steps: count, schedule, sigmaMin }), { time })
        const values = g.evaluate(time, X)
        errors.push(Math.hypot(...Array.from(values.data, (value, i) => value - truth.data[i])))
      }
      expect(Math.abs(observedOrder(steps, errors) - Number(order))).toBeLessThan(0.2)
    },
  )

  it('has the law of the data in many steps', async () => {
    const [time, count] = [10, 4000]
    const random = new Random(2)
    const X = points(
      Float64Array.from({ length: count }, () => 1 + Math.hypot(2, time) * random.normal()),
      1,
    )
    const f = await solve(gaussian, sampler({ solver, steps: 400, sigmaMin: 0.01 }), { time, seed: 1 })
    const law = kolmogorovSmirnov(f.evaluate(time, X).data as Float64Array, (x) => normalCdf((x - 1) / 2))
    expect(law.pValue).toBeGreaterThan(1e-3)
  })
})
