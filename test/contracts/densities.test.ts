import { describe, expect, it } from 'vitest'
import { modelToBytes, trainModel } from '../../solvers/neural/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import type { Density } from '../../src/problem/density.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'
import { briefTraining, pair } from '../neural/problems.ts'
import { problemsByKind } from '../support/problems.ts'

const times = [0, 0.3, 2, 30]
const ve = { kind: 've' }

/** A score network after a few steps: no score of any law, but one with moments and a denoiser. */
async function networkProblem(): Promise<Problem> {
  const { model } = await trainModel(pair, { ...briefTraining, loss: 'score', steps: 20 })
  const bytes = Buffer.from(modelToBytes(model)).toString('base64')
  return parseProblem({ process: ve, data: { kind: 'neural', bytes } })
}

const examples = { ...problemsByKind, neural: [await networkProblem()] } satisfies Record<
  ProblemSpec['data']['kind'],
  readonly Problem[]
>

const all = Object.entries<readonly Problem[]>(examples).flatMap(([kind, problems]) =>
  problems.map(({ density }) => [`${kind}, ${density.dimension}-D`, density] as const),
)

function somePoints({ sample, moments, dimension: d }: Density, t: number): Float64Array {
  const random = new Random(3)
  const x =
    sample?.(20, random) ??
    Float64Array.from({ length: 20 * d }, (_, i) => moments.mean[i % d] + random.normal())
  return x.map((value) => value + t * random.normal())
}

describe.each(all)('%s', (_name, density) => {
  const d = density.dimension
  const { logDensity, sample } = density
  // a network is the score of no law: nothing ties its score to another time or to its moments
  const lawful = density.kind !== 'neural'

  it.skipIf(!logDensity).each(times)('score is the gradient of the log-density at t = %d', (t) => {
    if (!logDensity) return
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
      if (!density[quantity]) continue
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

  it.skipIf(!sample || !lawful)('samples have the stated mean and covariance', () => {
    if (!sample) return
    const n = 40_000
    const x = sample(n, new Random(5))
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

  // p_t = p_data * N(0, t²): ∂_t log p = t (∇·s + |s|²), and so ∂_t s = t ∇(∇·s + |s|²)
  it.skipIf(!lawful).each([0.3, 2])('obeys the heat equation at t = %d', (t) => {
    const scale = Math.hypot(density.moments.scale, t)
    const h = 1e-3 * t
    const score = (time: number, x: Float64Array) => {
      const out = new Float64Array(d)
      density.score(time, x, out)
      return out
    }
    const at = (x: Float64Array, j: number, way: number) =>
      x.map((value, i) => (i === j ? value + way : value))
    /** ∇·s + |s|² */
    const rate = (x: Float64Array) => {
      let sum = 0
      for (let j = 0; j < d; j++)
        sum += (score(t, at(x, j, h))[j] - score(t, at(x, j, -h))[j]) / (2 * h) + score(t, x)[j] ** 2
      return sum
    }
    const points = somePoints(density, t)
    for (let row = 0; row < 8; row++) {
      const x = points.slice(row * d, row * d + d)
      if (logDensity) {
        const [above, below] = [new Float64Array(1), new Float64Array(1)]
        logDensity(t + h, x, above)
        logDensity(t - h, x, below)
        const found = (above[0] - below[0]) / (2 * h)
        expect(Math.abs(found - t * rate(x))).toBeLessThan(1e-4 * (1 / t + Math.abs(found)))
        continue
      }
      const [above, below] = [score(t + h, x), score(t - h, x)]
      for (let j = 0; j < d; j++) {
        const found = (above[j] - below[j]) / (2 * h)
        const wanted = (t * (rate(at(x, j, h)) - rate(at(x, j, -h)))) / (2 * h)
        expect(Math.abs(found - wanted)).toBeLessThan(1e-3 * (1 / (t * scale) + Math.abs(found)))
      }
    }
  })

  // a formula in the plane takes milliseconds a point at early times
  const quadratureTimes = density.kind === 'formula' && d === 2 ? [2] : [0.3, 2]
  it.skipIf(!logDensity || d > 2).each(quadratureTimes)(
    'integrates to 1, with the stated moments, at t = %d',
    (t) => {
      if (!logDensity) return
      const { mean, trace, scale } = density.moments
      const [reach, n] = [8 * Math.hypot(scale, t), d === 1 ? 801 : t < 1 ? 61 : 31]
      const step = (2 * reach) / (n - 1)
      const x = Float64Array.from({ length: d * n ** d }, (_, at) => {
        const row = Math.floor(at / d)
        const k = d === 1 || at % 2 === 0 ? row % n : Math.floor(row / n)
        return mean[at % d] - reach + k * step
      })
      const logs = new Float64Array(n ** d)
      logDensity(t, x, logs)
      const first = new Float64Array(d)
      let [mass, second] = [0, 0]
      logs.forEach((log, row) => {
        const weight = Math.exp(log) * step ** d
        mass += weight
        for (let i = 0; i < d; i++) {
          const away = x[row * d + i] - mean[i]
          first[i] += weight * away
          second += weight * away ** 2
        }
      })
      expect(mass).toBeCloseTo(1, 9)
      for (const value of first) expect(Math.abs(value)).toBeLessThan(1e-8 * reach)
      expect(second / (trace + d * t * t)).toBeCloseTo(1, 8)
    },
  )
})
