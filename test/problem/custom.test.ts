import { describe, expect, it } from 'vitest'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { points } from '../../src/points/points.ts'
import { logDensity, sampleNoised, score } from '../../src/problem/evaluate.ts'
import { createProcess } from '../../src/problem/processes/index.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'

const custom = (drift: string, sigma: string, maximumTime?: number) =>
  createProcess({ kind: 'custom', drift, sigma, ...(maximumTime !== undefined && { maximumTime }) })
const relative = (found: number, wanted: number) => Math.abs(found - wanted) / Math.abs(wanted)

describe('a custom process', () => {
  it.each([
    ['vp', '-(0.1 + 19.9 t) x / 2', 'sqrt(0.1 + 19.9 t)'],
    ['subVp', '-(0.1 + 19.9 t) x / 2', 'sqrt(-(0.1 + 19.9 t) expm1(-2 (0.1 t + 9.95 t^2)))'],
  ] as const)('written as %s is that process', (kind, drift, sigma) => {
    const process = custom(drift, sigma, 1)
    const known = createProcess({ kind, betaMin: 0.1, betaMax: 20 })
    expect(process.maximumTime).toBe(1)
    for (const t of [1e-6, 1e-3, 0.1, 0.37, 0.9, 1]) {
      expect(relative(process.alpha(t), known.alpha(t))).toBeLessThan(1e-12)
      expect(relative(process.sigma(t), known.sigma(t))).toBeLessThan(1e-12)
    }
  })

  it('written as ve is that process up to its largest time', () => {
    const process = custom('0', 'sqrt(2 t)')
    expect(process.maximumTime).toBe(1e8)
    for (const t of [1e-9, 0.2, 80, 1e8]) expect(relative(process.sigma(t), t)).toBeLessThan(1e-13)
  })

  it('has the moments of Ornstein–Uhlenbeck about a mean, and of a Brownian bridge', () => {
    const pulled = custom('2 (3 - x)', '0.7')
    for (const t of [1e-4, 0.3, 2, 8]) {
      expect(relative(pulled.alpha(t), Math.exp(-2 * t))).toBeLessThan(1e-12)
      expect(relative(pulled.mean?.(t) ?? 0, -3 * Math.expm1(-2 * t))).toBeLessThan(1e-12)
      expect(relative(pulled.sigma(t), 0.35 * Math.sqrt(-Math.expm1(-4 * t)))).toBeLessThan(1e-12)
    }
    const bridge = custom('-x / (1 - t)', '1', 0.999)
    for (const t of [0.1, 0.9, 0.999]) {
      expect(relative(bridge.alpha(t), 1 - t)).toBeLessThan(1e-12)
      expect(relative(bridge.sigma(t), Math.sqrt(t * (1 - t)))).toBeLessThan(1e-12)
    }
  })

  it('stops where the noise is 1e8 times the data', () => {
    const { maximumTime, alpha, sigma } = custom('-x', '1')
    const ratio = sigma(maximumTime) / alpha(maximumTime)
    expect(ratio).toBeLessThanOrEqual(1e8)
    expect(ratio).toBeGreaterThan(0.9e8)
  })

  it('moves a Gaussian by its affine map, and its score is the gradient of its log-density', async () => {
    const problem = createProblem({
      process: { kind: 'custom', drift: '2 (3 - x)', sigma: '0.7' },
      data: { kind: 'gaussian', mean: [-1], covariance: [[0.25]] },
    })
    const t = 0.8
    const [alpha, mean, sigma] = [Math.exp(-1.6), -3 * Math.expm1(-1.6), 0.35 * Math.sqrt(-Math.expm1(-3.2))]
    const [centre, deviation] = [mean - alpha, Math.hypot(alpha * 0.5, sigma)]
    const x = Float64Array.of(0, 1.5, 2.4, 4)
    const X = points(x, 1)
    const slopes = score(problem, t, X).data
    const logs = logDensity(problem, t, X)
    for (const method of [exact(), rungeKutta({ rtol: 1e-12 })]) {
      const f = (await solve(problem, method, { time: 1 })).evaluate(t, X).data
      x.forEach((value, i) => {
        const z = (value - centre) / deviation
        expect(f[i]).toBeCloseTo(-1 + 0.5 * z, 10)
        expect(slopes[i]).toBeCloseTo(-z / deviation, 10)
        expect(logs[i]).toBeCloseTo(-(z * z) / 2 - Math.log(deviation * Math.sqrt(2 * Math.PI)), 10)
      })
    }
    const drawn = sampleNoised(problem, t, 20_000, new Random(8)).data as Float64Array
    const average = drawn.reduce((sum, value) => sum + value, 0) / drawn.length
    expect(Math.abs(average - centre)).toBeLessThan((5 * deviation) / Math.sqrt(drawn.length))
  })
})
