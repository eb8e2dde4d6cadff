import { describe, expect, it } from 'vitest'
import { UnfinishedError } from '../../src/attempt.ts'
import { type RungeKuttaOptions, rungeKutta } from '../../src/characteristics/index.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import type { Density } from '../../src/problem/density.ts'
import { solve } from '../../src/solve.ts'
import { referenceCase } from '../support/problems.ts'

const { problem, t, points: rows } = referenceCase('mixture-2d-t10')
const X = pointsFromRows(rows)

/** Rows whose trajectory comes to x₁ > 3 have no score there. */
function blindBeyond(density: Density): Density {
  return {
    ...density,
    score(time, x, out) {
      density.score(time, x, out)
      for (let i = 0; i < x.length; i += 2) if (x[i] > 3) out[i] = Number.NaN
    },
    denoiser(time, x, out) {
      density.denoiser(time, x, out)
      for (let i = 0; i < x.length; i += 2) if (x[i] > 3) out[i] = Number.NaN
    },
  }
}

async function maps(options: RungeKuttaOptions = {}) {
  const whole = await solve(problem, rungeKutta(options), { time: t })
  const blind = await solve({ ...problem, density: blindBeyond(problem.density) }, rungeKutta(options), {
    time: t,
  })
  return { whole, blind }
}

describe.each(['block', 'trajectory'] as const)('attempt, one step size for each %s', (stepSize) => {
  it('keeps every row that was finished', async () => {
    const { whole, blind } = await maps({ stepSize })
    const truth = pointsToRows(whole.evaluate(t, X))
    const { values, codes, finished, message } = blind.attempt(t, X)
    const found = pointsToRows(values)
    expect(finished).toBeGreaterThan(0)
    expect(finished).toBeLessThan(rows.length)
    expect(codes.filter((code) => code === 'success')).toHaveLength(finished)
    codes.forEach((code, row) => {
      // a start beyond 3, or a way that leads there
      if (rows[row][0] > 3 || truth[row][0] > 3) expect(code).toBe('non-finite')
      if (code === 'success')
        found[row].forEach((value, i) => {
          expect(Math.abs(value - truth[row][i])).toBeLessThan(1e-7)
        })
      else expect(found[row]).toEqual([Number.NaN, Number.NaN])
    })
    expect(message).toMatch(/^the score is not finite near θ = .*: check that the density has a score there/)
  })
})

describe('an evaluation that some rows fail', () => {
  it('throws the rows that were finished', async () => {
    const { blind } = await maps()
    try {
      blind.evaluate(t, X)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(UnfinishedError)
      const { attempt, message } = error as UnfinishedError
      expect(attempt).toEqual(blind.attempt(t, X))
      expect(message).toMatch(
        /^\d+ of \d+ rows were finished; in the first of the others the score is not finite/,
      )
    }
  })

  it('names the limit of steps', async () => {
    const f = await solve(problem, rungeKutta({ maxSteps: 3, controller: 'pid' }), { time: t })
    const { codes, finished, message } = f.attempt(t, X)
    expect(finished).toBe(0)
    expect(new Set(codes)).toEqual(new Set(['step-limit']))
    expect(message).toMatch(/reached its limit of 3 steps at θ = .*, short of θ = 0: try a larger maxSteps/)
  })
})

it('a map that cannot fail attempts every row', async () => {
  const { whole } = await maps()
  const { values, codes, finished, message } = whole.attempt(t, X)
  expect(values.data).toEqual(whole.evaluate(t, X).data)
  expect([new Set(codes), finished, message]).toEqual([new Set(['success']), rows.length, null])
})

it('info tells the steps', async () => {
  const { whole } = await maps()
  expect(whole.info.statistics).toEqual({ accepted: 0, rejected: 0, evaluations: 0 })
  whole.evaluate(t, X)
  const { accepted, rejected } = whole.info.statistics ?? { accepted: 0, rejected: 0 }
  const blocks = Math.ceil(rows.length / 32)
  expect(accepted).toBeGreaterThan(5 * blocks)
  // twelve stages a step, the last slope of the last step not needed, and two evaluations for the first step
  expect(whole.info.functionEvaluations).toBeGreaterThan(11 * (accepted + rejected))
})

describe.each(['i', 'pi', 'pid'] as const)('the controller %s', (controller) => {
  it('keeps the error near the tolerance', async () => {
    const f = await solve(problem, rungeKutta({ controller, rtol: 1e-7, atol: 1e-7 }), { time: t })
    const truth = await solve(problem, rungeKutta({ rtol: 1e-12, atol: 1e-13 }), { time: t })
    const [a, b] = [f.evaluate(t, X).data, truth.evaluate(t, X).data]
    const worst = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
    expect(worst).toBeLessThan(1e-5)
    expect(worst).toBeGreaterThan(1e-10)
    const { accepted, rejected } = f.info.statistics ?? { accepted: 0, rejected: 1 }
    expect(rejected).toBeLessThan(0.5 * accepted)
  })
})
