import { describe, expect, it } from 'vitest'
import { bridgeStep, consistencySampler, sampler } from '../../solvers/sampling/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { normalCdf } from '../../src/exact/normal.ts'
import { kolmogorovSmirnov } from '../../src/metrics/kolmogorov-smirnov.ts'
import { points, pointsFromRows } from '../../src/points/points.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'

const gaussian = createProblem({
  process: { kind: 've' },
  data: { kind: 'gaussian', mean: [1], covariance: [[4]] },
})
const T = 10
const COUNT = 20_000

/** Points of p_T. */
function noise(seed: number) {
  const random = new Random(seed)
  return points(
    Float64Array.from({ length: COUNT }, () => 1 + Math.hypot(2, T) * random.normal()),
    1,
  )
}

function variance(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length
}

describe('bridgeStep', () => {
  it('keeps the law of X_s when X₀ is drawn given X_t', () => {
    const [t, s] = [3, 1.2]
    const random = new Random(1)
    const [clean, x] = [new Float64Array(COUNT), new Float64Array(COUNT)]
    for (let i = 0; i < COUNT; i++) {
      clean[i] = 1 + 2 * random.normal()
      x[i] = clean[i] + t * random.normal()
    }
    bridgeStep(t, s, clean, x, () => random.normal())
    const law = kolmogorovSmirnov(x, (value) => normalCdf((value - 1) / Math.hypot(2, s)))
    expect(law.pValue).toBeGreaterThan(1e-3)
    // and the noise that is left in it is that of time s
    const left = x.map((value, i) => value - clean[i])
    expect(variance(left)).toBeCloseTo(s * s, 1)
  })
})

describe('ancestral', () => {
  // the variance by the recursion of its steps, in closed form for a Gaussian
  it('has the law that its steps make of a Gaussian, and that of the data in the limit', async () => {
    const steps = 6
    const f = await solve(gaussian, sampler({ solver: 'ancestral', steps, schedule: 'log' }), { time: T })
    let v = 4 + T * T
    const times = Array.from({ length: steps }, (_, i) => T * (0.008 / T) ** (i / (steps - 1)))
    for (let i = 0; i + 1 < steps; i++) {
      const share = (times[i + 1] / times[i]) ** 2
      const gain = 4 / (4 + times[i] ** 2)
      v = (gain + share * (1 - gain)) ** 2 * v + times[i + 1] ** 2 * (1 - share)
    }
    v *= (4 / (4 + 0.008 ** 2)) ** 2
    const values = f.evaluate(T, noise(2)).data
    const law = kolmogorovSmirnov(values, (x) => normalCdf((x - 1) / Math.sqrt(v)))
    expect(law.pValue).toBeGreaterThan(1e-3)
    const fine = await solve(gaussian, sampler({ solver: 'ancestral', steps: 400 }), { time: T })
    expect(Math.abs(variance(fine.evaluate(T, noise(3)).data) - 4)).toBeLessThan(0.15)
    expect(Math.abs(v - 4)).toBeGreaterThan(0.3)
  })

  it('gives the same bytes for the same seed, and aims at the law', async () => {
    const run = async (seed: number) => {
      const f = await solve(gaussian, sampler({ solver: 'ancestral' }), { time: T, seed })
      expect(f.info.target).toBe('distribution')
      return f.evaluate(T, pointsFromRows([[3], [4]])).data
    }
    expect(await run(5)).toEqual(await run(5))
    expect(await run(5)).not.toEqual(await run(6))
  })
})

describe('consistencySampler', () => {
  it('is f itself with one step, and keeps the law of the data with more', async () => {
    const f = await solve(gaussian, exact(), { time: T })
    const one = await solve(gaussian, consistencySampler(exact(), { steps: 1 }), { time: T })
    expect(one.evaluate(T, noise(4)).data).toEqual(f.evaluate(T, noise(4)).data)
    const many = await solve(gaussian, consistencySampler(exact(), { steps: 5 }), { time: T, seed: 1 })
    const values = many.evaluate(T, noise(4)).data
    expect(kolmogorovSmirnov(values, (x) => normalCdf((x - 1) / 2)).pValue).toBeGreaterThan(1e-3)
    // but the map is gone
    const { data } = f.evaluate(T, noise(4))
    expect(variance(values.map((value, i) => value - data[i]))).toBeGreaterThan(1)
    expect(many.info.target).toBe('distribution')
  })

  it('makes the law of a map that is wrong at T alone right', async () => {
    // f(t, x) + b(t) with the bias b at T only: the noise of the second step covers it
    const truth = exact()
    const biased: Method = {
      ...truth,
      name: 'biased',
      async solveVe(density, run) {
        const map = await truth.solveVe(density, run)
        return {
          ...map,
          evaluate: (t, x) => map.evaluate(t, x).map((value) => value + (t === T ? 1 : 0)),
        }
      },
    }
    const shift = async (steps: number) => {
      const f = await solve(gaussian, consistencySampler(biased, { steps }), { time: T })
      const values = f.evaluate(T, noise(6)).data
      return values.reduce((a, b) => a + b, 0) / COUNT - 1
    }
    expect(await shift(1)).toBeCloseTo(1, 1)
    // f(t, ·) is a contraction by 2/√(4 + t²): t = 2 tan(θ_T/2) leaves half of it or so
    const t = 2 * Math.tan(Math.atan2(T, 2) / 2)
    expect(await shift(2)).toBeCloseTo(2 / Math.hypot(2, t), 1)
    expect(await shift(8)).toBeLessThan(0.1)
  })

  it('refuses steps out of range', () => {
    expect(() => consistencySampler(exact(), { steps: 0 })).toThrow(/steps is 0/)
  })
})
