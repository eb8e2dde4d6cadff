import { describe, expect, it } from 'vitest'
import { exactMap, gaussianMap } from '../../src/exact/exact.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { drawProposal } from '../../src/metrics/importance-sampling.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import { Random } from '../../src/random/random.ts'
import { smallProblems } from '../support/problems.ts'

describe('importance sampling', () => {
  const { density } = smallProblems['product, 2-D']

  it('draws weights of mean 1 that are at most 2.5', () => {
    const { x0, weights } = drawProposal(density, 20_000, new Random(1))
    expect(Math.max(...weights)).toBeLessThanOrEqual(2.5 + 1e-9)
    expect(weights.reduce((a, b) => a + b, 0) / weights.length).toBeCloseTo(1, 1)
    // weighted moments are those of the data
    const mean =
      x0.reduce((sum, value, i) => sum + (i % 2 === 0 ? weights[i / 2] * value : 0), 0) / weights.length
    expect(Math.abs(mean - density.moments.mean[0])).toBeLessThan(0.05)
  })

  it('carries the truth along: f(T, x(T)) = x(0) by the exact map', () => {
    const sample = carriedSample(density, { time: 8, count: 500, intervals: 8, random: new Random(2) })
    expect(sample.kind).toBe('importance')
    const map = exactMap(density)
    sample.times.forEach((time, k) => {
      if (time === 0) return
      const f = map?.(time, sample.positions[k]) as Float64Array
      const worst = f.reduce((largest, value, i) => Math.max(largest, Math.abs(value - sample.x0[i])), 0)
      expect(worst).toBeLessThan(1e-6)
    })
  })

  it('agrees with a large plain sample on the error of the Gaussian map, with a covering standard error', () => {
    const trace = density.moments.trace
    const map = gaussianMap(density.moments)
    const truth = exactMap(density) as NonNullable<ReturnType<typeof exactMap>>
    const random = new Random(9)
    const n = 200_000
    const x = (density.sample as NonNullable<typeof density.sample>)(n, random)
    for (let i = 0; i < x.length; i++) x[i] += 8 * random.normal()
    const plain = errorStatistics(truth(8, x), map(8, x), new Float64Array(n).fill(1), trace)
    let covered = 0
    for (let seed = 0; seed < 10; seed++) {
      const sample = carriedSample(density, { time: 8, count: 2000, intervals: 2, random: new Random(seed) })
      const last = sample.positions.at(-1) as Float64Array
      const estimate = errorStatistics(sample.x0, map(8, last), sample.weights, trace)
      const deviation = 1.96 * Math.hypot(estimate.standardError, plain.standardError)
      if (Math.abs(estimate.relativeError - plain.relativeError) < deviation) covered++
    }
    expect(covered).toBeGreaterThanOrEqual(8)
  })
})

describe('error statistics', () => {
  it('are those of a small case worked by hand', () => {
    const stats = errorStatistics(
      Float64Array.of(0, 0, 0, 0),
      Float64Array.of(3, 4, 0, 1),
      Float64Array.of(1, 3),
      2,
    )
    // squares 25/2 and 1/2 with weights 1/4 and 3/4
    expect(stats.relativeError).toBeCloseTo(Math.sqrt(3.5), 12)
    expect(stats.medianError).toBeCloseTo(Math.sqrt(0.5), 12)
    expect(stats.maximumError).toBeCloseTo(Math.sqrt(12.5), 12)
    expect(stats.effectiveSampleSize).toBeCloseTo(1.6, 12)
    expect(stats.worstShare).toBeCloseTo(3.125 / 3.5, 12)
    expect(stats.trimmedError).toBeCloseTo(Math.sqrt(0.375), 12)
  })

  it('are those of their definitions on a sample of thousands', () => {
    const [n, d, trace] = [3000, 2, 1.7]
    const random = new Random(6)
    const truth = Float64Array.from({ length: n * d }, () => random.normal())
    const estimate = truth.map((value) => value + 0.1 * random.normal() ** 3)
    const weights = Float64Array.from({ length: n }, () => 0.2 + random.uniform())
    const total = weights.reduce((a, b) => a + b)
    const squares = Array.from(weights, (_, i) => {
      const [a, b] = [2 * i, 2 * i + 1].map((k) => estimate[k] - truth[k])
      return (a * a + b * b) / trace
    })
    const mean = squares.reduce((sum, square, i) => sum + (weights[i] * square) / total, 0)
    const deviation = Math.sqrt(
      squares.reduce((sum, square, i) => sum + ((weights[i] * (square - mean)) / total) ** 2, 0),
    )
    // 0.1 % of 3000
    const worst = squares
      .map((square, i) => (weights[i] * square) / total)
      .sort((a, b) => b - a)
      .slice(0, 3)
      .reduce((a, b) => a + b)
    const order = [...squares.keys()].sort((a, b) => squares[a] - squares[b])
    /** The least error up to which at least this share of the weight lies. */
    const quantile = (share: number) => {
      let [place, below] = [-1, 0]
      while (below < share * total) below += weights[order[++place]]
      return Math.sqrt(squares[order[place]])
    }
    const found = errorStatistics(truth, estimate, weights, trace)
    const wanted = {
      relativeError: Math.sqrt(mean),
      standardError: deviation / (2 * Math.sqrt(mean)),
      trimmedError: Math.sqrt(mean - worst),
      medianError: quantile(0.5),
      error99: quantile(0.99),
      maximumError: Math.sqrt(Math.max(...squares)),
      effectiveSampleSize: total ** 2 / weights.reduce((a, b) => a + b * b, 0),
      worstShare: worst / mean,
    }
    expect(Object.keys(found)).toEqual(Object.keys(wanted))
    for (const [name, value] of Object.entries(wanted))
      expect(found[name as keyof typeof found] / value, name).toBeCloseTo(1, 11)
  })

  it('are zero for the truth itself', () => {
    const truth = Float64Array.of(1, 2, 3)
    const stats = errorStatistics(truth, truth, Float64Array.of(1, 1, 1), 1)
    expect([stats.relativeError, stats.standardError, stats.worstShare]).toEqual([0, 0, 0])
  })
})

describe('sliced Wasserstein distance', () => {
  it('of a translation is its length', () => {
    const random = new Random(4)
    const a = Float64Array.from({ length: 2000 }, () => random.normal())
    const b = a.map((value, i) => value + (i % 2 === 0 ? 3 : 4))
    expect(slicedWasserstein(a, b, 2, 4096)).toBeCloseTo(5, 0)
    expect(slicedWasserstein(a, a, 2)).toBe(0)
  })

  it('in 1-D of two Gaussians is √(Δμ² + Δσ²)', () => {
    const a = Float64Array.from({ length: 4001 }, (_, i) => i / 4001)
    expect(
      slicedWasserstein(
        a,
        a.map((value) => 2 * value + 1),
        1,
      ),
    ).toBeCloseTo(Math.sqrt(1 + 1 / 3 + 1), 3)
  })
})
