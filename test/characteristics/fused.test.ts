import { describe, expect, it } from 'vitest'
import { errorNorm } from '../../src/characteristics/combinations.ts'
import { Integrator } from '../../src/characteristics/engine.ts'
import { FusedIntegrator, fusedMixture } from '../../src/characteristics/fused.ts'
import { rungeKutta, type TableauName, tableaux } from '../../src/characteristics/index.ts'
import { comovingVelocity } from '../../src/characteristics/probability-flow.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import type { FlowMixture } from '../../src/kernels/mixture-flow.ts'
import { MixtureFlow } from '../../src/kernels/mixture-flow.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import { referenceCase } from '../support/problems.ts'

const densityOf = (data: unknown) => parseProblem({ process: { kind: 've' }, data }).density

/** Mixtures in d dimensions, with components of many widths. */
function randomMixture(d: number, count: number): Density {
  const random = new Random(d)
  const covariance = () => {
    const a = Array.from({ length: d }, () => Array.from({ length: d }, () => 0.4 * random.normal()))
    return a.map((row, i) =>
      row.map((_, j) => a.reduce((sum, line) => sum + line[i] * line[j], i === j ? 0.05 : 0)),
    )
  }
  return densityOf({
    kind: 'mixture',
    weights: Array.from({ length: count }, (_, k) => (2 * (k + 1)) / (count * (count + 1))),
    means: Array.from({ length: count }, () => Array.from({ length: d }, () => 3 * random.normal())),
    covariances: Array.from({ length: count }, covariance),
  })
}

const mixtureOf = (density: Density) => fusedMixture(density) as FlowMixture
const places = (length: number) => {
  const random = new Random(7)
  return Float64Array.from({ length }, () => random.normal())
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0)
}

describe.each([1, 2, 3, 5])('steps in WebAssembly in %i dimensions', (d) => {
  const density = randomMixture(d, 6)
  const velocity = comovingVelocity(density)

  it.each(['dopri8', 'verner9', 'tsit5', 'bosh3'] as TableauName[])(
    'of %s are those of the plain engine, at every time and in both directions',
    (name) => {
      const flow = new MixtureFlow(d, 6, 7, tableaux[name])
      flow.set(mixtureOf(density))
      const plain = new Integrator(tableaux[name], 7 * d, d)
      for (const [from, to] of [
        [1.56, 1.5],
        [1.2, 1.1],
        [0.5, 0.45],
        [0.03, 0],
        [0, 0.02],
        [0.7, 0.74],
      ]) {
        const y = places(7 * d)
        const expected = y.slice()
        plain.advance(velocity, from, to, expected)
        flow.load(y)
        flow.first(from)
        flow.step(from, to - from, 1e-9, 1e-9)
        flow.accept(to, true)
        flow.store(y)
        expect(worst(y, expected)).toBeLessThan(1e-14 * Math.max(...expected.map(Math.abs)))
      }
    },
  )

  it('have the error that the plain engine finds', () => {
    const { a, b, c, error: estimate } = tableaux.dopri8
    const flow = new MixtureFlow(d, 6, 7, tableaux.dopri8)
    flow.set(mixtureOf(density))
    const [from, h] = [0.9, -0.3]
    const y = places(7 * d)
    const stages = c.map(() => new Float64Array(y.length))
    const at = (row: readonly number[]) =>
      y.map((value, i) => value + h * row.reduce((sum, weight, j) => sum + weight * stages[j][i], 0))
    c.forEach((node, i) => {
      velocity(from + node * h, at(a[i]), stages[i])
    })
    const estimates = (estimate?.weights ?? []).map((row) => at(row).map((value, i) => value - y[i]))
    const tolerances = { rtol: 1e-6, atol: 1e-7, maxSteps: 1 }
    const expected = errorNorm(estimates, y, at(b), d, tolerances)
    flow.load(y)
    flow.first(from)
    const error = flow.step(from, h, tolerances.rtol, tolerances.atol)
    expect(Math.abs(error / expected - 1)).toBeLessThan(1e-6)
  })

  it('do not mix rows: the same bits alone as beside others', () => {
    const y = places(9 * d)
    const rows = (values: Float64Array) => {
      const flow = new MixtureFlow(d, 6, 9, tableaux.tsit5)
      flow.set(mixtureOf(density))
      flow.load(values)
      flow.first(0.6)
      for (let step = 0; step < 20; step++) {
        flow.step(0.6 - 0.03 * step, -0.03, 1e-9, 1e-9)
        flow.accept(0.57 - 0.03 * step, false)
      }
      const out = new Float64Array(values.length)
      flow.store(out)
      return out
    }
    const together = rows(y)
    for (let row = 0; row < 9; row++)
      expect(rows(y.slice(row * d, (row + 1) * d))).toEqual(together.slice(row * d, (row + 1) * d))
  })
})

describe('the integrator in WebAssembly', () => {
  it.each(['mixture-1d-t80', 'mixture-2d-t80', 'mixture-3d-t20'])(
    'takes the steps of the plain one on %s',
    (name) => {
      const { problem, t } = referenceCase(name)
      const { density } = problem
      const d = density.dimension
      const tolerances = { rtol: 1e-7, atol: 1e-7, maxSteps: 1000 }
      const start = Math.atan2(t, density.moments.scale)
      for (const tableau of [tableaux.dopri8, tableaux.tsit5]) {
        const y = places(5 * d)
        const expected = y.slice()
        const outcome = new Integrator(tableau, y.length, d).integrate(
          comovingVelocity(density),
          start,
          0,
          expected,
          tolerances,
        )
        const fused = new FusedIntegrator(tableau, d, 16, 16)
        expect(fused.integrate(mixtureOf(density), start, 0, y, tolerances)).toEqual(outcome)
        expect(worst(y, expected)).toBeLessThan(1e-8)
      }
    },
  )

  it('is used for mixtures whose density is known, and for nothing else', async () => {
    const { density } = referenceCase('mixture-2d-t80').problem
    expect(fusedMixture(density)).toBeDefined()
    // a copy may have another score
    expect(fusedMixture({ ...density })).toBeUndefined()
    expect(fusedMixture(randomMixture(9, 2))).toBeUndefined()
    const thin = densityOf({
      kind: 'mixture',
      weights: [0.5, 0.5],
      means: [
        [0, 0],
        [1, 1],
      ],
      stds: [[1, 1e-3], 1],
    })
    expect(fusedMixture(thin)).toBeUndefined()
    const broken: Density = { ...density, score: (_, __, out) => void out.fill(Number.NaN) }
    const map = await rungeKutta().solveVe(broken, { time: 20, seed: 0 })
    expect(() => map.evaluate(20, Float64Array.of(1, 2))).toThrow(/score is not finite/)
  })

  it('agrees with the plain one on many points, by either', async () => {
    const { density } = referenceCase('mixture-2d-t80').problem
    const x = places(600).map((value) => 60 * value)
    // each row by itself: blocks have other sizes
    const options = { rtol: 1e-11, atol: 1e-11, stepSize: 'trajectory' } as const
    const fused = await rungeKutta(options).solveVe(density, { time: 80, seed: 0 })
    const plain = await rungeKutta(options).solveVe({ ...density }, { time: 80, seed: 0 })
    expect(worst(fused.evaluate(80, x), plain.evaluate(80, x))).toBeLessThan(1e-8)
    expect(Math.abs(fused.functionEvaluations / plain.functionEvaluations - 1)).toBeLessThan(0.05)
  })

  it('says where it stopped', () => {
    const { density } = referenceCase('mixture-2d-t80').problem
    const fused = new FusedIntegrator(tableaux.dopri8, 2, 3, 4)
    const run = (y: Float64Array, maxSteps: number) =>
      fused.integrate(mixtureOf(density), 1.5, 0, y, { rtol: 1e-9, atol: 1e-9, maxSteps })
    const y = Float64Array.of(0.5, 0.5)
    expect(run(y, 3)).toMatchObject({ code: 'step-limit', accepted: 3 })
    expect(y[0]).not.toBe(0.5)
    expect(run(Float64Array.of(Number.NaN, 0), 1000)).toMatchObject({ code: 'non-finite', at: 1.5 })
    expect(run(Float64Array.of(1, 2), 1000).code).toBe('success')
  })
})

describe('a product', () => {
  it('is followed a coordinate at a time, as well as the exact map and with fewer evaluations', async () => {
    const { problem, points, f, t } = referenceCase('product-16d')
    const x = Float64Array.from(points.flat())
    const options = { rtol: 1e-11, atol: 1e-11 }
    const map = await rungeKutta(options).solveVe(problem.density, { time: t, seed: 0 })
    const whole = await rungeKutta(options).solveVe({ ...problem.density }, { time: t, seed: 0 })
    expect(worst(map.evaluate(t, x), f.flat())).toBeLessThan(1e-9)
    expect(worst(whole.evaluate(t, x), f.flat())).toBeLessThan(1e-9)
    expect(map.functionEvaluations).toBeLessThan(0.7 * whole.functionEvaluations)
    expect(map.statistics?.accepted).toBeGreaterThan(16)
  })

  it('tells which rows did not arrive', async () => {
    const { density } = referenceCase('product-16d').problem
    const map = await rungeKutta({ maxSteps: 4 }).solveVe(density, { time: 8, seed: 0 })
    expect(() => map.evaluate(8, places(32))).toThrow(/0 of 2 rows were finished.*limit of 4 steps/)
    const attempt = map.attempt?.(8, places(32))
    expect(attempt?.codes).toEqual(['step-limit', 'step-limit'])
    expect(attempt?.values.every(Number.isNaN)).toBe(true)
  })
})
