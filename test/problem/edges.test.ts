import { describe, expect, it } from 'vitest'
import { type ScheduleName, sampler, scheduleNames, scheduleTimes } from '../../solvers/sampling/index.ts'
import { samplerNames } from '../../solvers/sampling/schemes.ts'
import { sde } from '../../solvers/sde/index.ts'
import { integrate, rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { points } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'
import { smallProblems } from '../support/problems.ts'

const ulpAbove = (t: number) => t * (1 + Number.EPSILON)

describe('spans of a few roundings', () => {
  it.each(Object.keys(smallProblems))('%s: the flow goes across', async (name) => {
    const problem = smallProblems[name]
    const d = problem.dimension
    const f = await solve(problem, rungeKutta(), { time: 5 })
    const X = points(
      Float64Array.from({ length: 4 * d }, (_, i) => Math.sin(i + 1)),
      d,
    )
    for (const t of [0.3, 5e-8])
      for (const u of [
        ulpAbove(t),
        t * (1 + 3e-16),
        t * (1 + 1e-15),
        t * (1 + 1e-14),
        t * (1 + 1e-13),
        t * (1 + 1e-12),
      ])
        for (const [from, to] of [
          [t, u],
          [u, t],
        ]) {
          const moved = f.flow?.evaluate(from, to, X).data ?? []
          for (let i = 0; i < 4 * d; i++) expect(Math.abs(moved[i] - X.data[i])).toBeLessThan(1e-9)
        }
  })

  it.each([5e-324, 1e-310, 1e-200, 1e-30])('f at time %d is the place itself', async (time) => {
    for (const problem of Object.values(smallProblems)) {
      const d = problem.dimension
      if (problem.density.atomic) continue
      const f = await solve(problem, rungeKutta(), { time })
      const X = points(
        Float64Array.from({ length: 3 * d }, (_, i) => Math.cos(i)),
        d,
      )
      const found = f.evaluate(time, X).data
      for (let i = 0; i < 3 * d; i++) expect(found[i]).toBeCloseTo(X.data[i], 12)
    }
  })

  it('paths of SDEs over a rounding stay where they are', () => {
    const problem = createProblem({
      process: { kind: 'vp' },
      data: { kind: 'gaussian', mean: [1], covariance: [[1]] },
    })
    const start = points(Float64Array.of(-1, 0.5), 1)
    for (const scheme of ['euler-maruyama', 'heun', 'sra1'] as const)
      for (const path of [sde.reverse, sde.forward]) {
        const end = path(problem, { time: ulpAbove(0.5), from: 0.5, steps: 10, start, scheme }).data
        expect(end[0]).toBeCloseTo(-1, 6)
        expect(end[1]).toBeCloseTo(0.5, 6)
      }
  })
})

describe('schedules', () => {
  it.each(scheduleNames)('%s is strictly descending for any start and end', (name: ScheduleName) => {
    for (const scale of [0, 1e-8, 1, 1e8])
      for (const to of [5e-324, 1e-300, 1e-12, 0.004, 1])
        for (const from of [ulpAbove(to), to * (1 + 1e-15), to * (1 + 1e-13), 2 * to, to + 1e-3, 80, 1e8])
          for (const steps of [2, 3, 18, 1000]) {
            const times = scheduleTimes(name, steps, { from, to, scale })
            expect(times.every((t, i) => i === 0 || t < times[i - 1])).toBe(true)
            expect(times[0]).toBe(from)
            expect(times[times.length - 1]).toBe(0)
            expect(times.length).toBeLessThanOrEqual(steps + 1)
          }
  })

  it.each(samplerNames)('%s is finite where its times are a few roundings apart', async (solver) => {
    for (const schedule of scheduleNames)
      for (const t of [ulpAbove(0.004), 0.004 * (1 + 1e-15), 0.0041, 5]) {
        const problem = smallProblems['mixture, 1-D']
        const method = sampler({ solver, schedule, steps: 18, sigmaMin: 0.004 })
        const f = await solve(problem, method, { time: t })
        const found = f.evaluate(t, points(Float64Array.of(-1.5, 0.2, 1.4), 1)).data
        for (let i = 0; i < 3; i++) expect(Number.isFinite(found[i])).toBe(true)
      }
  })

  it.each(samplerNames)('%s takes a single point mass', async (solver) => {
    const problem = createProblem({
      process: { kind: 've' },
      data: { kind: 'empirical', points: [[2], [2]], bandwidth: 0 },
    })
    for (const schedule of scheduleNames) {
      const f = await solve(problem, sampler({ solver, schedule }), { time: 3 })
      expect(f.evaluate(3, points(Float64Array.of(-4, 9), 1)).data[1]).toBeCloseTo(2, 9)
    }
  })
})

describe('roots of events', () => {
  it.each([1e-3, 1, 1e3, 1e6, 1e8])('are accurate in t at %d', (T) => {
    const problem = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1, 1], stds: [0.5, 0.5] },
    })
    const X = points(Float64Array.of(0.3 * T, -T), 1)
    const wanted = [0.91 * T, 0.5 * T, 0.0123 * T]
    const events = wanted.map((at, i) => ({ name: String(i), g: (t: number) => t - at }))
    const hits = integrate(problem, X, { from: T, to: 0, events }).result().events
    expect(hits.length).toBe(6)
    for (const { event, t } of hits) expect(Math.abs(t / wanted[Number(event)] - 1)).toBeLessThan(2e-12)
  })

  it('of a place are on the exact trajectory', () => {
    const problem = createProblem({
      process: { kind: 've' },
      data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
    })
    for (const T of [10, 1e6]) {
      // x(t) = x(T) √((1 + t²)/(1 + T²))
      const x = 2 * T
      const run = integrate(problem, points(Float64Array.of(x), 1), {
        ...{ from: T, to: 0, rtol: 1e-12 },
        events: [{ name: 'half', g: (_, [place]) => place - x / 2 }],
      })
      const [hit] = run.result().events
      const wanted = Math.sqrt((1 + T * T) / 4 - 1)
      expect(Math.abs((hit?.t ?? 0) / wanted - 1)).toBeLessThan(1e-11)
    }
  })
})
