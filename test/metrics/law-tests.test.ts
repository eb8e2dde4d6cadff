import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { normalCdf } from '../../src/exact/normal.ts'
import { kolmogorovSmirnov } from '../../src/metrics/kolmogorov-smirnov.ts'
import { maximumMeanDiscrepancy } from '../../src/metrics/maximum-mean-discrepancy.ts'
import { points } from '../../src/points/points.ts'
import { Random } from '../../src/random/random.ts'

const normals = (count: number, seed: number, shift = 0) => {
  const random = new Random(seed)
  return Float64Array.from({ length: count }, () => shift + random.normal())
}

describe('the Kolmogorov–Smirnov test', () => {
  it('has the known distance and p-value of a small sample', () => {
    // F_n jumps at 0.2, 0.5, 0.6; the largest gap to the uniform law is 1 − 0.6 = 0.4
    const { statistic, pValue } = kolmogorovSmirnov([0.6, 0.2, 0.5], (x) => x)
    expect(statistic).toBeCloseTo(0.4 * Math.sqrt(3), 14)
    // λ = 0.4 (√3 + 0.12 + 0.11/√3), 2 Σ (−1)^(k−1) exp(−2k²λ²)
    const lambda = 0.4 * (Math.sqrt(3) + 0.12 + 0.11 / Math.sqrt(3))
    expect(pValue).toBeCloseTo(2 * (Math.exp(-2 * lambda ** 2) - Math.exp(-8 * lambda ** 2)), 3)
  })

  it('has p-values spread over [0, 1] under the law itself, and small ones under another', () => {
    const values = Array.from({ length: 200 }, (_, i) => kolmogorovSmirnov(normals(500, i), normalCdf).pValue)
    expect(values.filter((p) => p < 0.1).length).toBeLessThan(36)
    expect(values.filter((p) => p < 0.5).length).toBeGreaterThan(70)
    expect(kolmogorovSmirnov(normals(500, 1, 0.3), normalCdf).pValue).toBeLessThan(1e-6)
  })

  it('has the p-value 1 where the sample is as near the law as one can be', () => {
    const middles = Float64Array.from({ length: 10_000 }, (_, i) => (i + 0.5) / 10_000)
    expect(kolmogorovSmirnov(middles, (x) => x).pValue).toBe(1)
  })

  it('refuses an empty sample', () => {
    expect(() => kolmogorovSmirnov([], (x) => x)).toThrow(InputError)
  })
})

describe('the maximum mean discrepancy', () => {
  const test = (x: Float64Array, y: Float64Array) =>
    maximumMeanDiscrepancy(points(x, 2), points(y, 2), { random: new Random(9), permutations: 99 })

  it('is that of its definition', () => {
    const [x, y] = [normals(8, 1), normals(10, 2, 1)]
    const rows = (z: Float64Array) => Array.from({ length: z.length / 2 }, (_, i) => [z[2 * i], z[2 * i + 1]])
    const [a, b] = [rows(x), rows(y)]
    const all = [...a, ...b]
    const square = (p: number[], q: number[]) => (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2
    const distances: number[] = []
    for (let i = 0; i < all.length; i++)
      for (let j = 0; j < i; j++) if ((i + j) % 7 === 0) distances.push(square(all[i], all[j]))
    const width = distances.sort((p, q) => p - q)[distances.length >> 1]
    const mean = (p: number[][], q: number[][], own: boolean) => {
      let sum = 0
      p.forEach((u, i) => {
        q.forEach((v, j) => {
          if (own && i === j) return
          for (const part of [1, 1 / 2, 1 / 4]) sum += Math.exp(-square(u, v) / (2 * width * part ** 2)) / 3
        })
      })
      return sum / (p.length * (own ? q.length - 1 : q.length))
    }
    expect(test(x, y).statistic).toBeCloseTo(mean(a, a, true) + mean(b, b, true) - 2 * mean(a, b, false), 12)
  })

  it('sees a difference within modes that are eight deviations apart', () => {
    // two modes of deviation 1 or 1.5 on the diagonal, where the median distance alone gives p-values near 0.4
    const modes = (seed: number, deviation: number) =>
      normals(800, seed).map((value, i) => deviation * value + (i % 4 < 2 ? 3 : -3))
    expect(test(modes(1, 1), modes(2, 1.5)).pValue).toBe(0.01)
    expect(test(modes(3, 1), modes(4, 1)).pValue).toBeGreaterThan(0.05)
  })

  it('tells laws apart and does not invent differences', () => {
    const values = Array.from({ length: 40 }, (_, i) => test(normals(100, i), normals(100, i + 1000)).pValue)
    expect(values.filter((p) => p <= 0.1).length).toBeLessThan(12)
    expect(values.filter((p) => p <= 0.5).length).toBeGreaterThan(10)
    expect(test(normals(200, 1), normals(200, 2, 1)).pValue).toBe(0.01)
  })

  it('refuses samples that are too small or of two dimensions', () => {
    expect(() => test(normals(2, 1), normals(20, 2))).toThrow(InputError)
    const options = { random: new Random(1) }
    expect(() => maximumMeanDiscrepancy(points(normals(4, 1), 2), points(normals(6, 1), 3), options)).toThrow(
      InputError,
    )
  })
})
