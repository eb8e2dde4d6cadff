import { describe, expect, it } from 'vitest'
import { integrate, rungeKutta, type Step } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { points, pointsFromRows } from '../../src/points/points.ts'
import type { Density } from '../../src/problem/density.ts'
import { solve } from '../../src/solve.ts'
import { referenceCase, smallProblems } from '../support/problems.ts'

const normal = { kind: 'gaussian', mean: [0], covariance: [[4]] }
const ve = parseProblem({ process: { kind: 've' }, data: normal })
const vp = parseProblem({ process: { kind: 'vp', betaMin: 0.1, betaMax: 20 }, data: normal })
const mixture = smallProblems['mixture, 2-D']
const rows = Array.from({ length: 70 }, (_, i) => [6 * Math.sin(i), 6 * Math.cos(1.7 * i)])
const X = pointsFromRows(rows)

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
}

describe.each(['comoving', 't'] as const)('steps in %s coordinates', (coordinates) => {
  const options = { from: 5, to: 0, coordinates }

  it('cover the time block by block, and end where evaluate does', async () => {
    const seen: Step[] = []
    const run = integrate(mixture, X, { ...options, onStep: (step) => void seen.push(step) })
    const steps = [...run]
    expect(seen).toEqual(steps)
    const { values, statistics, times, codes, finished, message } = run.result()
    expect(steps).toHaveLength(statistics.accepted)
    for (const [k, step] of steps.entries()) {
      const before = steps[k - 1]
      expect(step.from).toBe(before?.block === step.block ? before.to : 5)
      expect(step.h).toBe(step.to - step.from)
      expect(step.error).toBeLessThanOrEqual(1)
    }
    const ended = steps.filter((step) => step.to === 0)
    expect(ended.flatMap((step) => Array.from(step.rows)).sort((a, b) => a - b)).toEqual(
      rows.map((_, i) => i),
    )
    const f = await solve(mixture, rungeKutta({ coordinates }), { time: 5 })
    expect(worst(values.data, f.evaluate(5, X).data)).toBeLessThan(1e-8)
    expect([finished, message, new Set(codes), new Set(times)]).toEqual([
      rows.length,
      null,
      new Set(['success']),
      new Set([0]),
    ])
  })

  it('have places in between, forward and backward', async () => {
    const f = await solve(ve, exact(), { time: 5 })
    const start = points(Float64Array.of(-3, 0.5, 7), 1)
    for (const [from, to] of [
      [5, 0],
      [0, 5],
      [1, 4],
    ])
      for (const step of integrate(ve, start, { from, to, coordinates }))
        for (const share of [0, 0.3, 1]) {
          const t = share === 1 ? step.to : step.from + share * step.h
          expect(worst(step.at(t).data, f.flow?.evaluate(from, t, start).data ?? [])).toBeLessThan(1e-8)
        }
  })
})

describe('an integration', () => {
  it('goes on after a break, and forgets a step when the next is asked for', () => {
    const run = integrate(mixture, X, { from: 5, to: 0 })
    let first: Step | null = null
    for (const step of run) {
      first = step
      break
    }
    const whole = integrate(mixture, X, { from: 5, to: 0 }).result()
    expect(run.result()).toEqual(whole)
    expect(() => first?.at(5)).toThrow(/the step is "over"/)
  })

  it.each(['block', 'trajectory'] as const)(
    'keeps the rows that arrive when others fail, a step size for each %s',
    (stepSize) => {
      const { density } = mixture
      const blind =
        (call: Density['score']): Density['score'] =>
        (t, x, out) => {
          call(t, x, out)
          for (let i = 0; i < x.length; i += 2) if (x[i] > 2) out[i] = Number.NaN
        }
      const problem = {
        ...mixture,
        density: { ...density, score: blind(density.score), denoiser: blind(density.denoiser) },
      }
      const run = integrate(problem, X, { from: 5, to: 0, stepSize })
      const { values, codes, finished, times, message } = run.result()
      expect(finished).toBeGreaterThan(10)
      expect(finished).toBeLessThan(rows.length)
      expect(message).toMatch(/score is not finite/)
      // as if no other row had been there
      const alone = rows.map(
        (row) => integrate(problem, [row], { from: 5, to: 0, stepSize }).result().codes[0],
      )
      expect(codes).toEqual(alone)
      const whole = integrate(mixture, X, { from: 5, to: 0 }).result()
      codes.forEach((code, row) => {
        expect(Number.isNaN(values.get(row, 0))).toBe(code !== 'success')
        if (code !== 'success') expect(times[row]).toBeGreaterThan(0)
        else
          for (const i of [0, 1])
            expect(Math.abs(values.get(row, i) - whole.values.get(row, i))).toBeLessThan(1e-7)
      })
    },
  )

  it('refuses what it cannot follow', () => {
    const atoms = parseProblem({
      process: { kind: 've' },
      data: { kind: 'empirical', points: [[0], [1]], bandwidth: 0 },
    })
    const one = points(Float64Array.of(0.3), 1)
    expect(() => integrate(atoms, one, { from: 0, to: 1 }).result()).toThrow(/the time to start from is 0/)
    expect(() => integrate(ve, one, { from: -1, to: 1 })).toThrow(/from is -1/)
    expect(() => integrate(ve, one, { from: 1, to: 0, controller: 'p' as 'pi' })).toThrow(/controller is "p"/)
    expect(integrate(atoms, one, { from: 1, to: 0 }).result().values.get(0, 0)).toBeCloseTo(0, 12)
  })
})

describe('events', () => {
  // x(t) = x(5) √((4 + t²)/29)
  const start = points(Float64Array.of(-3, 1, 2, 4), 1)

  it('are found where the closed form has them', () => {
    const level = { name: 'two', g: (_: number, x: Float64Array) => x[0] - 0.9 }
    const { events } = integrate(ve, start, { from: 5, to: 0, events: [level] }).result()
    // x = 2 and 4 come below 0.9 and 1.49, the others do not
    expect(events.map(({ row }) => row).sort()).toEqual([1, 2])
    for (const { row, t, x } of events) {
      expect(t).toBeCloseTo(Math.sqrt(29 * (0.9 / start.get(row, 0)) ** 2 - 4), 9)
      expect(x[0]).toBeCloseTo(0.9, 10)
    }
  })

  it.each(['comoving', 't'] as const)(
    'have the time of the process itself, in %s coordinates',
    (coordinates) => {
      const at = { name: 'time', g: (t: number) => t - 0.4 }
      const { events } = integrate(vp, start, { from: 1, to: 0, coordinates, events: [at] }).result()
      expect(events).toHaveLength(4)
      for (const { t } of events) expect(Math.abs(t - 0.4)).toBeLessThan(1e-11)
    },
  )

  it.each(['comoving', 't'] as const)(
    'are found on every part of the way of data on points, in %s coordinates',
    (coordinates) => {
      const atoms = parseProblem({
        process: { kind: 've' },
        data: { kind: 'empirical', points: [[0], [1]], bandwidth: 0 },
      })
      // the way changes coordinates at t = c/20 = 0.025
      const events = [2, 0.025, 0.003].map((t) => ({ name: String(t), g: (time: number) => time - t }))
      const run = integrate(atoms, start, { from: 5, to: 0, coordinates, events })
      const { events: hits, values } = run.result()
      expect(hits).toHaveLength(12)
      for (const { event, t } of hits) expect(Math.abs(t - Number(event))).toBeLessThan(1e-11)
      expect(Array.from(values.data, (value) => Math.round(value * 1e9) / 1e9)).toEqual([0, 1, 1, 1])
    },
  )

  it('stop rows that ask for it, and have a direction', () => {
    const g = (_: number, x: Float64Array) => Math.abs(x[0]) - 1.2
    const run = (direction: 'rising' | 'falling') =>
      integrate(ve, start, { from: 5, to: 0, events: [{ name: 'stop', g, direction, stop: true }] }).result()
    expect(run('rising').events).toEqual([])
    const { events, values, times, codes } = run('falling')
    expect(events.map(({ row }) => row).sort()).toEqual([0, 2])
    expect(values.get(0, 0)).toBeCloseTo(-1.2, 10)
    expect(times[0]).toBeCloseTo(Math.sqrt(29 * 0.4 ** 2 - 4), 9)
    expect(times[1]).toBe(0)
    expect(values.get(3, 0)).toBeCloseTo(8 / Math.sqrt(29), 9)
    expect(new Set(codes)).toEqual(new Set(['success']))
  })

  it('are found in a mixture, on the trajectory', async () => {
    const { problem, t } = referenceCase('mixture-2d-t10')
    const f = await solve(problem, rungeKutta({ rtol: 1e-12, atol: 1e-14 }), { time: t })
    const places = pointsFromRows(referenceCase('mixture-2d-t10').points)
    const events = [{ name: 'ring', g: (_: number, x: Float64Array) => Math.hypot(x[0], x[1]) - 5 }]
    const { events: hits } = integrate(problem, places, {
      from: t,
      to: 0,
      rtol: 1e-12,
      atol: 1e-14,
      events,
    }).result()
    expect(hits.length).toBeGreaterThan(3)
    for (const { row, t: time, x } of hits) {
      expect(Math.hypot(x[0], x[1])).toBeCloseTo(5, 10)
      const there = f.flow?.evaluate(t, time, pointsFromRows([[places.get(row, 0), places.get(row, 1)]]))
      expect(worst(x, there?.data ?? [])).toBeLessThan(1e-9)
    }
  })
})
