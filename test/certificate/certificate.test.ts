import { beforeAll, describe, expect, it } from 'vitest'
import { trainedMethod, trainModel } from '../../solvers/neural/index.ts'
import { certificate } from '../../src/certificate/certificate.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { VeMap } from '../../src/consistency-function.ts'
import { InputError } from '../../src/errors.ts'
import { type CarriedSample, carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { scoreDensity } from '../../src/problem/densities/neural.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import { normal, pair } from '../neural/problems.ts'

const TIME = 5
const small = { time: TIME, width: 12, layers: 2, batch: 64, rate: 0.02, backend: 'simd' } as const

/** Trajectories at rest, one a row, and a map whose residual there is v(random) along the first coordinate at every time. */
function residualOf(size: (random: Random) => number, n: number) {
  const density: Density = { ...normal.density, denoiser: (_, x, out) => out.set(x) }
  const random = new Random(5)
  const sizes = Float64Array.from({ length: n }, () => size(random))
  const times = Float64Array.from({ length: 9 }, (_, k) => density.moments.scale * Math.tan((1.3 * k) / 8))
  // the second coordinate is the number of the row
  const x = Float64Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? 0 : (i - 1) / 2))
  const sample: CarriedSample = {
    kind: 'plain',
    ...{ x0: x, weights: new Float64Array(n).fill(1), times, positions: Array.from(times, () => x) },
    functionEvaluations: 0,
  }
  const map: VeMap = {
    evaluate: (t, rows) => rows.map((value, i) => (i % 2 === 0 ? t * sizes[rows[i + 1]] : value)),
    functionEvaluations: 0,
    jvp: (t, rows) => ({
      value: map.evaluate(t, rows),
      tangent: rows.map((_, i) => (i % 2 === 0 ? sizes[rows[i + 1]] : 0)),
    }),
  }
  return { result: certificate(map, density, sample), sizes, end: times[8] }
}

describe('a certificate from plain samples', () => {
  it('is ∫ ‖r‖ dt, and a bound where the residual has a light tail', () => {
    const { result, sizes, end } = residualOf((random) => random.normal(), 4000)
    const rms = Math.sqrt(sizes.reduce((sum, value) => sum + value * value, 0) / 4000)
    // Simpson's rule in θ of dt/dθ = c/cos²θ, which is steep at the end
    const expected = (rms * end) / Math.sqrt(normal.density.moments.trace)
    expect(Math.abs(result.estimate / expected - 1)).toBeLessThan(0.01)
    expect(result.bound).toBe(true)
    expect(result.paretoK).toBeLessThan(0.3)
    // the relative standard error of a root mean square of normals is √(1/2n)
    const sampled = result.interval[1] - result.estimate - result.quadratureError
    const deviation = sampled / (1.96 * result.estimate)
    expect(Math.abs(deviation * Math.sqrt(8000) - 1)).toBeLessThan(0.1)
  })

  it.each([
    [0.15, true],
    [0.6, false],
  ])('whose residual has a Pareto tail of shape %d is a bound: %s', (k, bound) => {
    const { result } = residualOf((random) => (1 - random.uniform()) ** -k, 4000)
    // the square has twice the shape
    expect(Math.abs(result.paretoK - 2 * k)).toBeLessThan(0.2)
    expect(result.bound).toBe(bound)
  })

  it('of a map that is exact is 0', () => {
    const { result } = residualOf(() => 0, 100)
    expect(result).toMatchObject({ estimate: 0, bound: true })
  })

  it.each([0, 0.05, 0.2, 0.35, 0.5, 0.7])(
    'from any start is ∫ ‖r‖ dt from there, in θ exact for cubics (%d)',
    (start) => {
      // trajectories at rest
      const density: Density = { ...normal.density, denoiser: (_, x, out) => out.set(x) }
      const c = density.moments.scale
      const times = Float64Array.from({ length: 11 }, (_, k) => c * Math.tan((1.3 * k) / 10))
      const x = Float64Array.of(0.3, -2)
      const cubic = (theta: number) => 1 + theta - 0.4 * theta ** 2 + 0.5 * theta ** 3
      const integral = (theta: number) => theta + theta ** 2 / 2 - (0.4 / 3) * theta ** 3 + theta ** 4 / 8
      const valueAt = (t: number) =>
        x.map((value, i) => (i === 0 ? value + integral(Math.atan2(t, c)) : value))
      const map: VeMap = {
        evaluate: valueAt,
        functionEvaluations: 0,
        startTime: c * Math.tan(start),
        jvp: (t) => {
          const theta = Math.atan2(t, c)
          // ‖r‖ dt/dθ is the cubic
          return { value: valueAt(t), tangent: Float64Array.of((cubic(theta) * Math.cos(theta) ** 2) / c, 0) }
        },
      }
      const result = certificate(map, density, {
        kind: 'plain',
        x0: x,
        weights: Float64Array.of(1),
        times,
        positions: Array.from(times, () => x),
        functionEvaluations: 0,
      })
      const from = result.byTime[0].theta
      expect(from).toBeGreaterThan(start - 1e-12)
      // the first time on from the start, or the one after that
      expect(from).toBeLessThan(start + 2 * 0.13)
      // what it is wrong by at the start is part of it
      expect(result.initialError * Math.sqrt(density.moments.trace)).toBeCloseTo(integral(from), 12)
      expect((result.estimate - result.initialError) * Math.sqrt(density.moments.trace)).toBeCloseTo(
        integral(1.3) - integral(from),
        12,
      )
    },
  )

  it('needs a map that can be differentiated', async () => {
    const map = await rungeKutta().solveVe(pair.density, { time: TIME, seed: 0 })
    const options = { time: TIME, count: 20, intervals: 4, random: new Random(1) }
    expect(() => certificate(map, pair.density, carriedSample(pair.density, options))).toThrow(InputError)
  })
})

describe('a certificate on the flow of a score network', () => {
  let network: Density
  let map: VeMap
  beforeAll(async () => {
    const { model } = await trainModel(pair, { ...small, loss: 'score', steps: 80 })
    network = scoreDensity(model, 'score', () => pair.density)
    const method = trainedMethod('pinn', { ...small, steps: 120 }, { name: 'score', model })
    map = await method.solveVe(pair.density, { time: TIME, seed: 1 })
  }, 60_000)

  /** The certificate and the true error of the map on trajectories of a density. */
  function measured(density: Density) {
    const sample = carriedSample(density, {
      ...{ time: TIME, count: 600, intervals: 64, random: new Random(3), rtol: 1e-8 },
    })
    const { trace } = density.moments
    const found = map.evaluate(TIME, sample.positions[64])
    const { relativeError } = errorStatistics(sample.x0, found, sample.weights, trace)
    return { kind: sample.kind, error: relativeError, ...certificate(map, density, sample) }
  }

  it('is from plain samples, above the error against that flow, and below the error against the truth', () => {
    const own = measured(network)
    const truth = measured(pair.density)
    expect([own.kind, truth.kind]).toEqual(['plain', 'importance'])
    for (const { error, estimate } of [own, truth]) expect(estimate).toBeGreaterThan(0.99 * error)
    expect(own.error).toBeLessThan(truth.error)
    expect(own.estimate).toBeLessThan(truth.estimate)
  })
})
