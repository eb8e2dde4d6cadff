import { describe, expect, it } from 'vitest'
import {
  covarianceOf,
  exactStochasticFlow,
  type StochasticFlow,
  stochasticSampler,
  trainStochasticFlow,
} from '../../solvers/neural/stochastic-flow/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import { points, rowMajor } from '../../src/points/points.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { smallProblems } from '../support/problems.ts'

const gaussian = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'gaussian',
    mean: [1, -2],
    covariance: [
      [2, 0.6],
      [0.6, 0.5],
    ],
  },
})
const modes = smallProblems['mixture, 2-D']

/** The largest distance of two arrays. */
function apart(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
}

describe('exactStochasticFlow', () => {
  it('is the conditional law of a Gaussian', () => {
    const t = 1.5
    const { mean, factor } = exactStochasticFlow(gaussian.density).law(t, Float64Array.of(3, 1))
    // Σ (Σ + t²)^{-1}, and t² of it
    const [a, b, c] = [2 + t * t, 0.6, 0.5 + t * t]
    const determinant = a * c - b * b
    const gain = [(2 * c - 0.6 * b) / determinant, (0.6 * a - 2 * b) / determinant]
    const lower = [(0.6 * c - 0.5 * b) / determinant, (0.5 * a - 0.6 * b) / determinant]
    expect(mean[0]).toBeCloseTo(1 + gain[0] * 2 + gain[1] * 3, 12)
    expect(mean[1]).toBeCloseTo(-2 + lower[0] * 2 + lower[1] * 3, 12)
    const found = covarianceOf({ mean, factor }, 2)
    expect(
      apart(
        found,
        Float64Array.of(...gain, ...lower).map((value) => t * t * value),
      ),
    ).toBeLessThan(1e-12)
    expect(factor[1]).toBe(0)
  })

  it('has the mean and covariance of X₀ among samples with X_t near x', () => {
    const [t, x] = [1.2, [0.3, -0.4]]
    const random = new Random(4)
    const start = modes.density.sample?.(400_000, random) ?? new Float64Array(0)
    const near: number[][] = []
    for (let i = 0; i < start.length; i += 2) {
      const [u, v] = [start[i] + t * random.normal() - x[0], start[i + 1] + t * random.normal() - x[1]]
      if (Math.hypot(u, v) < 0.15) near.push([start[i], start[i + 1]])
    }
    const mean = [0, 1].map((j) => near.reduce((sum, row) => sum + row[j], 0) / near.length)
    const covariance = [0, 1].flatMap((i) =>
      [0, 1].map(
        (j) => near.reduce((sum, row) => sum + (row[i] - mean[i]) * (row[j] - mean[j]), 0) / near.length,
      ),
    )
    const law = exactStochasticFlow(modes.density).law(t, Float64Array.from(x))
    expect(apart(law.mean, Float64Array.from(mean))).toBeLessThan(0.1)
    expect(apart(covarianceOf(law, 2), Float64Array.from(covariance))).toBeLessThan(0.12)
  })

  it('refuses data without ∇² log p', () => {
    const density = smallProblems['radial, 3-D'].density
    expect(() => exactStochasticFlow(density)).toThrow(/expected a Gaussian or a mixture/)
  })
})

describe('trainStochasticFlow', () => {
  it('starts from the answer for a Gaussian, and stays there', async () => {
    const { flow } = await trainStochasticFlow(gaussian, {
      time: 5,
      steps: 40,
      batch: 256,
      width: 16,
      layers: 2,
    })
    const x = rowMajor(sampleNoised(gaussian, 1, 50, new Random(1)))
    const [found, truth] = [flow.law(1, x), exactStochasticFlow(gaussian.density).law(1, x)]
    expect(apart(found.mean, truth.mean)).toBeLessThan(0.15)
    expect(apart(covarianceOf(found, 2), covarianceOf(truth, 2))).toBeLessThan(0.15)
  })

  it.each(['cholesky', 'diagonal'] as const)('gives the same bytes for the same seed, %s', async (shape) => {
    const options = { time: 5, shape, steps: 20, batch: 64, width: 8, layers: 2, seed: 3 }
    const law = async () => (await trainStochasticFlow(modes, options)).flow.law(2, Float64Array.of(0.5, 1))
    expect(await law()).toEqual(await law())
  })

  it('refuses options out of range', async () => {
    await expect(trainStochasticFlow(modes, { time: 5, shape: 'full' as 'diagonal' })).rejects.toThrow(
      /shape is "full"; expected cholesky or diagonal/,
    )
    await expect(trainStochasticFlow(modes, { time: 5, steps: 0 })).rejects.toThrow(/steps is 0/)
  })
})

describe('stochasticSampler', () => {
  it('has the law of Gaussian data with any number of steps', async () => {
    const n = 20_000
    const start = sampleNoised(gaussian, 5, n, new Random(5))
    const data = rowMajor(sampleNoised(gaussian, 0, n, new Random(6)))
    for (const steps of [1, 3]) {
      const f = await solve(gaussian, stochasticSampler(exactStochasticFlow, { steps }), { time: 5, seed: 1 })
      expect(slicedWasserstein(rowMajor(f.evaluate(5, start)), data, 2)).toBeLessThan(0.06)
      expect(f.info.functionEvaluations).toBe(n * steps)
    }
  })

  it('approaches the law of a mixture with more steps, faster than without G', async () => {
    const n = 20_000
    const start = sampleNoised(modes, 8, n, new Random(7))
    const data = rowMajor(sampleNoised(modes, 0, n, new Random(8)))
    const still = (density: typeof modes.density): StochasticFlow => {
      const flow = exactStochasticFlow(density)
      return { dimension: 2, law: (t, x) => ({ ...flow.law(t, x), factor: new Float64Array(2 * x.length) }) }
    }
    const distance = async (flowOf: typeof exactStochasticFlow, steps: number) => {
      const f = await solve(modes, stochasticSampler(flowOf, { steps }), { time: 8, seed: 1 })
      return slicedWasserstein(rowMajor(f.evaluate(8, start)), data, 2)
    }
    const one = await distance(exactStochasticFlow, 1)
    const many = await distance(exactStochasticFlow, 12)
    expect(many).toBeLessThan(one / 3)
    expect(many).toBeLessThan((await distance(still, 12)) / 2)
  })

  it('gives the same bytes for the same seed', async () => {
    const run = async (seed: number) => {
      const f = await solve(modes, stochasticSampler(exactStochasticFlow, { steps: 4 }), { time: 8, seed })
      return f.evaluate(8, points(Float64Array.of(1, 2, 3, 4), 2)).data
    }
    expect(await run(1)).toEqual(await run(1))
    expect(await run(1)).not.toEqual(await run(2))
  })
})
