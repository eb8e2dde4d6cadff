import { describe, expect, it } from 'vitest'
import { sampler } from '../../solvers/sampling/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { pointsFromRows } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'
import { observedOrder } from '../characteristics/observed-order.ts'
import { referenceCase } from '../support/problems.ts'

const gaussian = createProblem({
  process: { kind: 've' },
  data: { kind: 'gaussian', mean: [1], covariance: [[4]] },
})

describe.each([
  ['euler', 1],
  ['heun', 2],
] as const)('sampler with %s', (solver, order) => {
  it(`has order ${order} in the number of steps`, async () => {
    // the flow to σ_min in closed form, then the step to 0 that the sampler ends with
    const sigmaMin = 0.5
    const z = 3 * Math.hypot(2, sigmaMin)
    const x = 1 + 3 * Math.hypot(2, 10)
    const truth = 1 + (z * 4) / (4 + sigmaMin ** 2)
    const steps = [1024, 2048]
    const errors: number[] = []
    for (const count of steps) {
      const f = await solve(gaussian, sampler({ solver, steps: count, sigmaMin }), { time: 10 })
      errors.push(Math.abs(f.evaluate(10, pointsFromRows([[x]])).get(0, 0) - truth))
    }
    expect(Math.abs(observedOrder(steps, errors) - order)).toBeLessThan(0.2)
  })

  it('approaches the consistency function', async () => {
    const { problem, points, f: truth, t } = referenceCase('mixture-2d-t10')
    const rms: number[] = []
    for (const steps of [18, 512]) {
      const f = await solve(problem, sampler({ solver, steps, sigmaMin: 1e-4 }), { time: t })
      const values = f.evaluate(t, pointsFromRows(points))
      const square = truth.flatMap((row, i) => row.map((value, j) => (values.get(i, j) - value) ** 2))
      rms.push(Math.sqrt(square.reduce((sum, value) => sum + value, 0) / square.length))
    }
    expect(rms[1]).toBeLessThan(solver === 'euler' ? 0.03 : 1e-3)
    expect(rms[1]).toBeLessThan(rms[0] / 4)
  })

  it('counts evaluations and names itself', async () => {
    const f = await solve(gaussian, sampler({ solver, steps: 18 }), { time: 10 })
    f.evaluate(10, pointsFromRows([[1], [2], [3]]))
    expect(f.info.functionEvaluations).toBe(3 * (solver === 'euler' ? 18 : 35))
    expect(f.info.method).toBe(`sampler:${solver}-18`)
  })
})

describe('sampler', () => {
  it('is defined from 0 to the time of the problem', async () => {
    const f = await solve(gaussian, sampler({ steps: 100 }), { time: 10 })
    for (const t of [0, 1e-5, 0.1, 5]) {
      const value = f.evaluate(t, pointsFromRows([[3]])).get(0, 0)
      expect(Math.abs(value - (1 + (2 * 2) / Math.hypot(2, t)))).toBeLessThan(1e-3)
    }
  })

  it('sends every point to a single point mass', async () => {
    const atom = createProblem({
      process: { kind: 've' },
      data: { kind: 'empirical', points: [[1]], bandwidth: 0 },
    })
    const f = await solve(atom, sampler(), { time: 3 })
    expect(f.evaluate(3, pointsFromRows([[7]])).get(0, 0)).toBe(1)
  })

  it('gives a row the same value in any batch', async () => {
    const f = await solve(gaussian, sampler({ steps: 5 }), { time: 10 })
    const rows = Array.from({ length: 600 }, (_, i) => [i / 30 - 10])
    const values = f.evaluate(10, pointsFromRows(rows))
    for (const i of [0, 255, 256, 599])
      expect(f.evaluate(10, pointsFromRows([rows[i] as number[]])).get(0, 0)).toBe(values.get(i, 0))
  })

  it('says that a step passes over the narrowest part of the data', async () => {
    const many = createProblem({
      process: { kind: 've' },
      data: {
        kind: 'mixture',
        weights: new Array(200).fill(0.005),
        means: Array.from({ length: 200 }, (_, i) => [i]),
        stds: new Array(200).fill(0.01),
      },
    })
    const warnings = async (options: Parameters<typeof sampler>[0]) =>
      (await solve(many, sampler(options), { time: 80 })).warnings
    // σ_min = 0.004 c is 0.23: the last step ends at a mean of neighbours
    for (const steps of [18, 1000])
      expect(await warnings({ steps })).toEqual([
        expect.stringMatching(
          /^\d+ steps are longer than the data allow: one goes from 0\.231 to 0\.00 .* deviation of 0\.0100/,
        ),
      ])
    expect(await warnings({ steps: 3, sigmaMin: 0.005 })).toHaveLength(1)
    expect(await warnings({ steps: 18, sigmaMin: 0.005 })).toEqual([])
    expect((await solve(gaussian, sampler({ steps: 1 }), { time: 80 })).warnings).toEqual([])
  })

  it('refuses options out of range', () => {
    expect(() => sampler({ solver: 'rk4' as 'heun' })).toThrow(
      /solver is "rk4"; expected euler, heun, dpm-2m, dpm-3m or ancestral/,
    )
    expect(() => sampler({ schedule: 'sine' as 'log' })).toThrow(/schedule is "sine"; expected karras/)
    expect(() => sampler({ steps: 0 })).toThrow(/steps is 0/)
    expect(() => sampler({ sigmaMin: 0 })).toThrow(/sigmaMin is 0/)
  })
})
