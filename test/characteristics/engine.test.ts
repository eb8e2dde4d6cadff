import { describe, expect, it } from 'vitest'
import { advice } from '../../src/characteristics/adaptive-steps.ts'
import { Integrator, type Velocity } from '../../src/characteristics/engine.ts'
import { flow, rungeKutta, tableaux } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { ComputationError } from '../../src/errors.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import { referenceCase } from '../support/problems.ts'

const velocity: Velocity = (s, y, out) => {
  for (let i = 0; i < y.length; i++) out[i] = -y[i] * y[i] * Math.cos(s)
}
const exact = (s: number) => 1 / (2 + Math.sin(s))
const tolerances = { rtol: 1e-10, atol: 1e-12, maxSteps: 1000 }

describe('the integrator', () => {
  it.each(['bosh3', 'dopri5', 'dopri8'] as const)('%s: an error in proportion to the tolerance', (name) => {
    const integrator = new Integrator(tableaux[name], 1, 1)
    const errors = [1e-5, 1e-7, 1e-9].map((rtol) => {
      const y = Float64Array.of(exact(0))
      const outcome = integrator.integrate(velocity, 0, 5, y, { rtol, atol: rtol, maxSteps: 100_000 })
      expect(outcome.code).toBe('success')
      return Math.abs(y[0] - exact(5))
    })
    errors.forEach((error, i) => {
      expect(error).toBeLessThan(10 * [1e-5, 1e-7, 1e-9][i])
    })
    expect(errors[2]).toBeLessThan(errors[0] / 500)
  })

  it('counts what it does', () => {
    let calls = 0
    const counted: Velocity = (s, y, out) => {
      calls++
      velocity(s, y, out)
    }
    const integrator = new Integrator(tableaux.dopri8, 2, 1)
    const outcome = integrator.integrate(counted, 0, 5, Float64Array.of(0.5, 0.4), tolerances)
    expect(outcome.evaluations).toBe(calls)
    // twelve stages, the last slope of the last step not needed, and two evaluations for the first step size
    expect(calls).toBe(12 * outcome.accepted + 11 * outcome.rejected + 1)
  })

  it.each([1, -1])('gives values on the way, direction %i', (direction) => {
    const [from, to] = direction === 1 ? [0, 5] : [5, 0]
    const at = Array.from({ length: 41 }, (_, i) => from + (i / 40) * (to - from))
    const seen: number[] = []
    const integrator = new Integrator(tableaux.dopri8, 1, 1)
    integrator.integrate(velocity, from, to, Float64Array.of(exact(from)), tolerances, {
      at,
      emit: (i, y) => {
        seen.push(i)
        expect(Math.abs(y[0] - exact(at[i]))).toBeLessThan(1e-9)
      },
    })
    expect(seen).toEqual(at.map((_, i) => i))
  })

  it('says what to do when it does not get there', () => {
    const integrator = new Integrator(tableaux.bosh3, 1, 1)
    const few = { ...tolerances, maxSteps: 5 }
    const outcome = integrator.integrate(velocity, 0, 5, Float64Array.of(0.5), few)
    expect(outcome.code).toBe('step-limit')
    expect(outcome.at).toBeGreaterThan(0)
    expect(advice(outcome, 'θ', 5, few)).toMatch(
      /limit of 5 steps at θ = 0\.\d+, short of θ = 5: try a larger maxSteps/,
    )

    const blind: Velocity = (s, _, out) => out.fill(s < 1 ? 1 : Number.NaN)
    expect(integrator.integrate(blind, 0, 5, Float64Array.of(0), tolerances).code).toBe('non-finite')

    // a start at 0, where a tolerance relative to y says nothing about the first step
    expect(integrator.integrate((_, __, out) => out.fill(1), 0, 5, Float64Array.of(0), tolerances).code).toBe(
      'success',
    )

    const blowUp: Velocity = (_, y, out) => {
      out[0] = y[0] * y[0]
    }
    const ended = integrator.integrate(blowUp, 0, 5, Float64Array.of(1), { ...tolerances, maxSteps: 100_000 })
    expect(ended.code).toBe('step-floor')
    expect(ended.at).toBeCloseTo(1, 6)
  })
})

describe('flow', () => {
  const density = referenceCase('mixture-2d-t10').problem.density
  const { scale } = density.moments
  const random = new Random(3)
  const x0 = Float64Array.from({ length: 1000 }, () => scale * random.normal())
  const y0 = x0.map((value, i) => (value - density.moments.mean[i % 2]) / scale)
  const thetas = Float64Array.from({ length: 9 }, (_, i) => (i / 8) * Math.atan2(10, scale))

  it('comes back to where it started', () => {
    const carrier = flow(density, { rtol: 1e-12, atol: 1e-14 })
    const forward = carrier.carry(thetas, y0)
    const back = carrier.carry(thetas.slice().reverse(), forward[8] as Float64Array)
    let worst = 0
    thetas.forEach((_, k) => {
      const there = forward[k] as Float64Array
      const again = back[8 - k] as Float64Array
      there.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(value - again[i]))
      })
    })
    expect(worst).toBeLessThan(1e-8)
    expect(forward[0]).toEqual(y0)
    expect(carrier.functionEvaluations).toBeGreaterThan(500)
  })

  it('is the inverse of the consistency function', async () => {
    const [, end] = flow(density, { rtol: 1e-12, atol: 1e-14 }).carry(Float64Array.of(0, thetas[8]), y0)
    const r = Math.hypot(scale, 10)
    const x = (end as Float64Array).map((value, i) => density.moments.mean[i % 2] + r * value)
    const map = await rungeKutta({ rtol: 1e-12, atol: 1e-14 }).solveVe(density, { time: 10, seed: 0 })
    const f = map.evaluate(10, x)
    f.forEach((value, i) => {
      expect(Math.abs(value - x0[i])).toBeLessThan(1e-8)
    })
  })

  it('refuses what has no meaning', () => {
    const atoms = createProblem({
      process: { kind: 've' },
      data: { kind: 'empirical', points: [[0], [1]], bandwidth: 0 },
    })
    const carrier = flow(density)
    expect(() => carrier.carry(Float64Array.of(0, 2), y0)).toThrow(/thetas\[1\] is 2; expected an angle/)
    expect(() => carrier.carry(Float64Array.of(0, 1, 0.5), y0)).toThrow(/only grow or only shrink/)
    expect(() => flow(atoms.density).carry(Float64Array.of(0, 1), y0)).toThrow(/above 0: the data are points/)
    expect(() => carrier.carry(new Float64Array(0), y0)).toThrow(/at least one angle/)
  })

  it('turns failures into advice', () => {
    const broken: Density = { ...density, score: (_, __, out) => void out.fill(Number.NaN) }
    expect(() => flow(broken).carry(thetas, y0)).toThrow(ComputationError)
    expect(() => flow(broken).carry(thetas, y0)).toThrow(/score is not finite near θ = 0/)
    expect(() => flow(density, { maxSteps: 3 }).carry(thetas, y0)).toThrow(/limit of 3 steps at θ = /)
  })
})
