import { describe, expect, it } from 'vitest'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import { smallProblems } from '../support/problems.ts'

const times = [0, 0.3, 2, 30]

function somePoints(density: Density, t: number): Float64Array {
  const random = new Random(3)
  const x = (density.sample as NonNullable<Density['sample']>)(20, random)
  return x.map((value) => value + t * random.normal())
}

describe.each(Object.entries(smallProblems))('%s', (_name, { density }) => {
  const d = density.dimension
  const logDensity = density.logDensity as NonNullable<Density['logDensity']>

  it.each(times)('score is the gradient of the log-density at t = %d', (t) => {
    const x = somePoints(density, t)
    const score = new Float64Array(x.length)
    density.score(t, x, score)
    const h = 1e-5 * density.moments.scale * Math.hypot(1, t)
    const n = x.length / d
    for (let j = 0; j < d; j++) {
      const shifted = (sign: number) => x.map((value, i) => (i % d === j ? value + sign * h : value))
      const [above, below] = [new Float64Array(n), new Float64Array(n)]
      logDensity(t, shifted(1), above)
      logDensity(t, shifted(-1), below)
      for (let i = 0; i < n; i++) {
        const difference = (above[i] - below[i]) / (2 * h)
        expect(Math.abs(difference - score[i * d + j])).toBeLessThan(1e-6 * (1 + Math.abs(difference)))
      }
    }
  })

  it.each(times)('denoiser is x + t² s at t = %d', (t) => {
    const x = somePoints(density, t)
    const score = new Float64Array(x.length)
    const denoised = new Float64Array(x.length)
    density.score(t, x, score)
    density.denoiser(t, x, denoised)
    x.forEach((value, i) => {
      const tweedie = value + t * t * score[i]
      expect(Math.abs(denoised[i] - tweedie)).toBeLessThan(1e-13 * (1 + t * t))
    })
  })

  it('one time a row gives what one time for all gives', () => {
    const rows = times.map((t) => somePoints(density, t).slice(0, d))
    const x = Float64Array.from(rows.flatMap((row) => Array.from(row)))
    for (const quantity of ['score', 'denoiser', 'logDensity'] as const) {
      const size = quantity === 'logDensity' ? 1 : d
      const together = new Float64Array(times.length * size)
      const evaluate = density[quantity] as NonNullable<Density['logDensity']>
      evaluate(Float64Array.from(times), x, together)
      const alone = rows.flatMap((row, i) => {
        const out = new Float64Array(size)
        evaluate(times[i], row, out)
        return Array.from(out)
      })
      expect(Array.from(together)).toEqual(alone)
    }
  })

  it('samples have the stated mean and covariance', () => {
    const n = 40_000
    const x = (density.sample as NonNullable<Density['sample']>)(n, new Random(5))
    const { mean, eigenvalues, eigenvectors, trace, scale } = density.moments
    expect(trace).toBeCloseTo(scale * scale * d, 12)
    for (let j = 0; j < d; j++) {
      // coordinates in the eigenbasis are uncorrelated with the eigenvalues as variances
      let first = 0
      let second = 0
      for (let row = 0; row < n; row++) {
        let z = 0
        for (let i = 0; i < d; i++) z += eigenvectors[i * d + j] * (x[row * d + i] - mean[i])
        first += z / n
        second += (z * z) / n
      }
      expect(Math.abs(first)).toBeLessThan(5 * Math.sqrt(eigenvalues[j] / n))
      expect(Math.abs(second / eigenvalues[j] - 1)).toBeLessThan(0.05)
    }
  })

  it('stays finite far out and at huge times', () => {
    const x = new Float64Array(2 * d).fill(1e4)
    x.fill(-3e5, d)
    const out = new Float64Array(2 * d)
    for (const t of [0, 1e-6, 1, 1e6]) {
      density.score(t, x, out)
      expect(out.every(Number.isFinite)).toBe(true)
      density.denoiser(t, x, out)
      expect(out.every(Number.isFinite)).toBe(true)
    }
  })
})

describe('the log-density', () => {
  it.each(['mixture, 1-D'])('of %s integrates to 1', (name) => {
    const { density } = smallProblems[name]
    const x = Float64Array.from({ length: 4001 }, (_, i) => -20 + i / 100)
    const out = new Float64Array(x.length)
    for (const t of [0, 1]) {
      density.logDensity?.(t, x, out)
      expect(out.reduce((sum, log) => sum + Math.exp(log) / 100, 0)).toBeCloseTo(1, 12)
    }
  })
})
