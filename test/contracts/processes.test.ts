import { describe, expect, it } from 'vitest'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { points } from '../../src/points/points.ts'
import { logDensity, sampleNoised, score } from '../../src/problem/evaluate.ts'
import type { Process } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import type { ProcessSpec } from '../../src/specification/problem.ts'

/** A process as in a problem file, without its kind. */
interface Case {
  readonly options?: Readonly<Record<string, unknown>>
  /** Where the law is tested; by default places across the interval, up to t = 5. Away from kinks of the coefficients. */
  readonly times?: readonly number[]
}

/** Every process with options for which each of its coefficients counts. A new process has a line here. */
const cases = {
  ve: [{}],
  edm: [{}],
  vp: [{}, { options: { betaMin: 1.5, betaMax: 4 } }],
  subVp: [{}, { options: { betaMin: 1.5, betaMax: 4 } }],
  flowMatching: [{}],
  cosine: [{}, { options: { s: 0.2 } }],
  // away from the integers, where the coefficients have kinks
  ddpm: [
    { times: [0.02, 0.4, 0.93, 1.4, 2.5, 4.7] },
    { options: { schedule: 'scaledLinear', start: 0.1, end: 0.4, steps: 3 }, times: [0.3, 1.2, 2.8] },
    { options: { schedule: 'cosine', steps: 4 }, times: [0.3, 1.2, 2.8, 3.6] },
    { options: { betas: [0.2, 0.1, 0.7, 1] }, times: [0.3, 1.2, 2.8, 3.6] },
  ],
  interpolant: [
    { options: { alpha: '1 - t', sigma: 't' } },
    { options: { alpha: 'cos(pi / 2 * t)', sigma: 'sin(pi / 2 * t)' } },
    { options: { alpha: '1 - t^2', sigma: 'sqrt(2 t - t^2)' } },
    { options: { alpha: 'exp(-t)', sigma: 't ^ 2', maximumTime: 3 } },
  ],
  custom: [
    { options: { drift: '2 (3 - x)', sigma: '0.7' } },
    { options: { drift: '-x / (1 - t)', sigma: '1', maximumTime: 0.99 } },
    { options: { drift: 'cos(3 t) - (1 + t) x / 2', sigma: '1 + sin(t)^2', maximumTime: 4 } },
  ],
} satisfies Record<ProcessSpec['kind'], readonly Case[]>

const [MEAN, DEVIATION] = [0.7, 1.3]
const data = { kind: 'gaussian', mean: [MEAN], covariance: [[DEVIATION ** 2]] }
const PARTS = [0.003, 0.04, 0.2, 0.45, 0.7, 0.93]

const all = Object.entries<readonly Case[]>(cases).flatMap(([kind, list]) =>
  list.map(({ options = {}, times }) => {
    const problem = parseProblem({ process: { kind, ...options }, data })
    const end = Math.min(5, problem.process.maximumTime)
    const name = [kind, ...Object.entries(options).map((option) => option.join(' '))].join(', ')
    return { name, problem, end, times: times ?? PARTS.map((part) => part * end) }
  }),
)

/** dg/dt by central differences of order 6. */
function slope(g: (t: number) => number, t: number, end: number): number {
  const h = 0.004 * Math.min(t, end - t)
  const difference = (k: number) => g(t + k * h) - g(t - k * h)
  return (45 * difference(1) - 9 * difference(2) + difference(3)) / (60 * h)
}

/** b(t, x) of single coordinates. */
function drift(process: Process, t: number, ...x: number[]): number[] {
  const out = new Float64Array(x.length)
  process.drift(t, Float64Array.from(x), out)
  return Array.from(out)
}

function expectClose(found: number, wanted: number, size = Math.abs(wanted)): void {
  expect(Math.abs(found - wanted)).toBeLessThan(1e-8 * size + 1e-300)
}

describe.each(all)('$name', ({ problem, end, times }) => {
  const { process } = problem
  const mean = (t: number) => process.mean?.(t) ?? 0

  it('begins with the data, without noise', () => {
    expect([process.alpha(0), mean(0), process.sigma(0)]).toEqual([1, 0, 0])
    const ratios = [0, ...times].map((t) => process.sigma(t) / process.alpha(t))
    for (let i = 1; i < ratios.length; i++) expect(ratios[i]).toBeGreaterThan(ratios[i - 1])
  })

  // X_t = α X₀ + m + σ_t Z with dX = b dt + σ dB: b = βx + γ, α′ = βα, m′ = βm + γ, (σ_t²)′ = 2βσ_t² + σ²
  it.each(times)('obeys its SDE at t = %d', (t) => {
    const [gamma, one, other] = drift(process, t, 0, 1, -2.5)
    const beta = one - gamma
    expectClose(other, gamma - 2.5 * beta, Math.abs(gamma) + 3 * Math.abs(beta))
    const alpha = process.alpha(t)
    expectClose(slope(process.alpha, t, end), beta * alpha, Math.abs(beta * alpha) + alpha / end)
    const own = mean(t)
    expectClose(slope(mean, t, end), beta * own + gamma, Math.abs(beta * own) + Math.abs(gamma))
    const variance = (time: number) => process.sigma(time) ** 2
    const [grown, shrunk] = [slope(variance, t, end), 2 * beta * variance(t)]
    expectClose(grown - shrunk, process.diffusion(t) ** 2, Math.abs(grown) + Math.abs(shrunk))
  })

  it.each(times)('moves a Gaussian by its affine map at t = %d', async (t) => {
    const alpha = process.alpha(t)
    const [centre, deviation] = [alpha * MEAN + mean(t), Math.hypot(alpha * DEVIATION, process.sigma(t))]
    const z = Float64Array.of(-3, -0.4, 0, 1.7)
    const X = points(
      z.map((value) => centre + deviation * value),
      1,
    )
    for (const method of [exact(), rungeKutta({ rtol: 1e-12, atol: 1e-14 })]) {
      const f = await solve(problem, method, { time: end })
      f.evaluate(t, X).data.forEach((value, i) => {
        expectClose(value, MEAN + DEVIATION * z[i], DEVIATION)
      })
    }
    score(problem, t, X).data.forEach((value, i) => {
      expectClose(value, -z[i] / deviation, 1 / deviation)
    })
    logDensity(problem, t, X).forEach((value, i) => {
      expectClose(value, -(z[i] ** 2) / 2 - Math.log(deviation * Math.sqrt(2 * Math.PI)), 1)
    })
    const count = 20_000
    const drawn = sampleNoised(problem, t, count, new Random(8)).data as Float64Array
    const average = (power: number) =>
      drawn.reduce((sum, value) => sum + ((value - centre) / deviation) ** power, 0) / count
    expect(Math.abs(average(1))).toBeLessThan(5 / Math.sqrt(count))
    expect(Math.abs(average(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count))
  })
})
