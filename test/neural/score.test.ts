import { describe, expect, it } from 'vitest'
import { trainModel } from '../../solvers/neural/index.ts'
import { useBackend } from '../../src/backend/index.ts'
import { scoreDensity } from '../../src/problem/densities/neural.ts'
import { scoreNetwork } from '../../src/problem/densities/score-network.ts'
import type { Density } from '../../src/problem/density.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'
import { contextOf, draw, momentsInErrors, residualOf } from './fixed-points.ts'
import { normal, pair, triple } from './problems.ts'

await useBackend('simd')

const TIME = 5

/** √(E|D̂ − D|²/tr Cov) at the time t, on samples of p_t. */
function denoiserError(found: Density, { density, dimension: d }: Problem, t: number): number {
  const n = 1000
  const random = new Random(9)
  const x = density.sample?.(n, random) ?? new Float64Array()
  for (let i = 0; i < x.length; i++) x[i] += t * random.normal()
  const [estimate, truth] = [new Float64Array(n * d), new Float64Array(n * d)]
  found.denoiser(t, x, estimate)
  density.denoiser(t, x, truth)
  const sum = truth.reduce((total, value, i) => total + (value - estimate[i]) ** 2, 0)
  return Math.sqrt(sum / n / density.moments.trace)
}

async function trained(problem: Problem, steps: number): Promise<Density> {
  const { model } = await trainModel(problem, {
    ...{ loss: 'score', time: TIME, backend: 'simd', width: 24, layers: 2, batch: 256, rate: 0.01, steps },
  })
  return scoreDensity(model, 'model', () => problem.density)
}

describe('denoising score matching', () => {
  it('has F = 0 as its fixed point for Gaussian data: the residual has mean 0 given y', () => {
    const { context, zeros } = contextOf(normal, 'score', { time: TIME, intervals: 16 })
    const points = draw(normal, 'score', context, { batch: 40_000, seed: 5 })
    const r = residualOf('score', context, zeros, points)
    for (const errors of momentsInErrors(r, points.y)) expect(errors).toBeLessThan(4.5)
    // targets have unit variance, at early and at late times
    for (const part of [r.subarray(0, 10_000), r.subarray(-10_000)]) {
      const square = part.reduce((sum, value) => sum + value * value, 0) / part.length
      expect(Math.abs(square - 1)).toBeLessThan(0.08)
    }
  })

  it('does not have it for other data, and the same test sees it', () => {
    const { context, zeros } = contextOf(triple, 'score', { time: TIME, intervals: 16 })
    const points = draw(triple, 'score', context, { batch: 40_000, seed: 5 })
    const r = residualOf('score', context, zeros, points)
    const odd = points.y.map((value) => value ** 3 - 3 * value)
    expect(Math.max(...momentsInErrors(r, odd))).toBeGreaterThan(9)
  })

  it('has the exact denoiser as its fixed point for a mixture', () => {
    const { context } = contextOf(triple, 'score', { time: TIME, intervals: 16 })
    const { theta, y, target } = draw(triple, 'score', context, { batch: 40_000, seed: 6 })
    // sinθ F of the exact denoiser
    const { coordinates } = context
    const times = theta.map(coordinates.time)
    const [x, D] = [new Float64Array(y.length), new Float64Array(y.length)]
    coordinates.toX(times, y, x)
    triple.density.denoiser(times, x, D)
    for (let i = 0; i < D.length; i++) D[i] -= triple.density.moments.mean[i % 2]
    const rotated = new Float64Array(y.length)
    coordinates.rotate(D, rotated)
    const r = rotated.map((value, i) => {
      const [t, s] = [times[i >> 1], coordinates.deviations[i % 2]]
      return ((value * Math.hypot(s, t)) / s - s * y[i]) / t - target[i]
    })
    for (const errors of momentsInErrors(r, y)) expect(errors).toBeLessThan(4.5)
    const odd = y.map((value) => value ** 3 - 3 * value)
    for (const errors of momentsInErrors(r, odd)) expect(errors).toBeLessThan(4.5)
  })

  it('comes nearer to the closed form of a mixture with more steps', async () => {
    const [early, late] = [await trained(pair, 40), await trained(pair, 600)]
    for (const t of [0.3, 1]) {
      const [first, last] = [early, late].map((density) => denoiserError(density, pair, t))
      expect(last).toBeLessThan(first / 2)
      expect(last).toBeLessThan(0.05)
    }
  })
})

describe('a score network', () => {
  const architecture = { kind: 'mlp', dimension: 2, width: 8, layers: 2 } as const
  const { moments } = normal.density
  const x = Float64Array.from({ length: 40 }, (_, i) => 3 * Math.sin(i))
  const out = new Float64Array(40)
  const expected = new Float64Array(40)
  const weights = (scale: number) => {
    const random = new Random(4)
    return [[9, 8], [8], [8, 8], [8], [8, 2], [2]].map((shape) =>
      Float32Array.from({ length: shape[0] * (shape[1] ?? 1) }, () => scale * random.normal()),
    )
  }

  it.each([0, 0.3, 4, 1e3])('is exact for every Gaussian where F = 0, at t = %d', (t) => {
    const network = scoreNetwork(architecture, weights(0), moments)
    for (const quantity of ['score', 'denoiser'] as const) {
      network[quantity](t, x, out)
      normal.density[quantity](t, x, expected)
      for (let i = 0; i < 40; i++) expect(Math.abs(out[i] - expected[i])).toBeLessThan(1e-12)
    }
  })

  it('obeys Tweedie, D = x + t² s, with one time or one a row', () => {
    const network = scoreNetwork(architecture, weights(1), moments)
    const times = Float64Array.from({ length: 20 }, (_, i) => 0.2 * i)
    const score = new Float64Array(40)
    network.score(times, x, score)
    network.denoiser(times, x, out)
    for (let i = 0; i < 40; i++) {
      const t = times[i >> 1]
      expect(Math.abs(out[i] - x[i] - t * t * score[i])).toBeLessThan(1e-12)
    }
    const one = new Float64Array(2)
    network.score(times[7], x.slice(14, 16), one)
    expect(one).toEqual(score.slice(14, 16))
  })
})
