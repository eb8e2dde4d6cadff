import { describe, expect, it } from 'vitest'
import { sde } from '../../solvers/sde/index.ts'
import type { Sde, SdeScheme } from '../../solvers/sde/schemes.ts'
import { type SdeSchemeName, sdeSchemes } from '../../solvers/sde/schemes.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { points } from '../../src/points/points.ts'
import { ownScore } from '../../src/problem/own-score.ts'

/** Orders for additive noise, as published (the sources are in the schemes' files). A new scheme has a line here. */
const published = {
  'euler-maruyama': { weak: 1, strong: 1 },
  heun: { weak: 2, strong: 1 },
  sra1: { weak: 2, strong: 1.5 },
} satisfies Record<SdeSchemeName, { weak: number; strong: number }>

/** The least-squares slope of log error against log step. */
function slope(steps: readonly number[], errors: readonly number[]): number {
  const x = steps.map((n) => -Math.log(n))
  const y = errors.map(Math.log)
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length
  const [mx, my] = [mean(x), mean(y)]
  return (
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0) /
    x.reduce((sum, value) => sum + (value - mx) ** 2, 0)
  )
}

/**
 * Mean and variance at the end for a drift that is linear in x, without any noise: a step is affine in x, I₁ and I₁₀, whose
 * covariances are h, h²/2 and h³/3.
 */
function momentsAtEnd(
  scheme: SdeScheme,
  sde: Sde,
  from: number,
  to: number,
  steps: number,
  start: [number, number],
) {
  let [mean, variance] = start
  const work = Array.from({ length: scheme.stages + 1 }, () => new Float64Array(1))
  const h = (to - from) / steps
  for (let i = 0; i < steps; i++) {
    const image = (x: number, single: number, double: number) => {
      const value = Float64Array.of(x)
      const increments = { single: Float64Array.of(single), double: Float64Array.of(double) }
      scheme.step(sde, from + i * h, h, value, increments, work)
      return value[0]
    }
    const rest = image(0, 0, 0)
    const factor = image(1, 0, 0) - rest
    const one = image(0, 1, 0) - rest
    const two = image(0, 0, 1) - rest
    mean = factor * mean + rest
    variance = factor ** 2 * variance + one ** 2 * h + one * two * h ** 2 + (two ** 2 * h ** 3) / 3
  }
  return { mean, variance }
}

const gaussian = createProblem({
  process: { kind: 'custom', drift: '(1 + t) (0.5 - x)', sigma: '1 + 0.5 sin(3 t)' },
  data: { kind: 'gaussian', mean: [1.5], covariance: [[0.3]] },
})
const { process } = gaussian
const at = (t: number) => ({
  mean: process.alpha(t) * 1.5 + (process.mean?.(t) ?? 0),
  variance: process.alpha(t) ** 2 * 0.3 + process.sigma(t) ** 2,
})
const forward: Sde = { drift: process.drift, noise: process.diffusion }
const reverse: Sde = {
  drift(u, x, out) {
    const score = new Float64Array(x.length)
    ownScore(gaussian, 1 - u, x, score)
    process.drift(1 - u, x, out)
    for (let i = 0; i < x.length; i++) out[i] = process.diffusion(1 - u) ** 2 * score[i] - out[i]
  },
  noise: (u) => process.diffusion(1 - u),
}

describe.each(Object.entries<SdeScheme>(sdeSchemes))('the scheme %s', (key, scheme) => {
  const name = key as SdeSchemeName

  it('says its name and its orders', () => {
    const { weakOrder: weak, strongOrder: strong } = scheme
    expect({ name: scheme.name, weak, strong }).toEqual({ name, ...published[name] })
  })

  it('evaluates the drift as often as it says, and needs no more memory than that', () => {
    let evaluations = 0
    const counted: Sde = {
      ...forward,
      drift(t, x, out) {
        evaluations++
        forward.drift(t, x, out)
      },
    }
    const one = () => new Float64Array(1)
    const work = Array.from({ length: scheme.stages + 1 }, one)
    scheme.step(counted, 0, 0.1, one(), { single: one(), double: one() }, work)
    expect(evaluations).toBe(scheme.stages)
  })

  it.each([
    ['forward', forward, at(0), at(1)],
    ['reverse', reverse, at(1), at(0)],
  ] as const)('has its weak order in the first two moments of the %s SDE', (_, equation, start, end) => {
    const steps = [40, 80, 160]
    const errors = steps.map((n) => momentsAtEnd(scheme, equation, 0, 1, n, [start.mean, start.variance]))
    const second = ({ mean, variance }: { mean: number; variance: number }) => mean ** 2 + variance
    const observed = [
      slope(
        steps,
        errors.map(({ mean }) => Math.abs(mean - end.mean)),
      ),
      slope(
        steps,
        errors.map((found) => Math.abs(second(found) - second(end))),
      ),
    ]
    for (const order of observed) expect(Math.abs(order - published[name].weak)).toBeLessThan(0.2)
  })

  it('has its strong order on paths that share their Brownian motion', () => {
    const problem = createProblem({
      process: { kind: 'custom', drift: 'x - x^3 + cos(3 t)', sigma: '0.6 + 0.4 sin(4 t)' },
      data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
    })
    const start = points(
      Float64Array.from({ length: 1000 }, (_, i) => -0.8 + i / 625),
      1,
    )
    const finest = 2048
    const run = (steps: number, used: SdeSchemeName) =>
      sde.forward(problem, { time: 1, steps, parts: finest / steps, scheme: used, start, seed: 3 }).data
    const truth = run(finest, 'sra1')
    const steps = [32, 64, 128]
    const errors = steps.map((n) => {
      const x = run(n, name)
      return Math.sqrt(x.reduce((sum, value, i) => sum + (value - truth[i]) ** 2, 0) / x.length)
    })
    expect(Math.abs(slope(steps, errors) - published[name].strong)).toBeLessThan(0.2)
  })
})
