import { describe, expect, it } from 'vitest'
import { sampler } from '../../solvers/sampling/index.ts'
import { rungeKutta, tableaux } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import {
  convergenceFigure,
  convergenceText,
  workPrecision,
  workPrecisionFigure,
  workPrecisionText,
} from '../../src/studies/index.ts'
import { convergenceTest, steppedCharacteristics } from '../../src/studies/stepped-characteristics.ts'

const smooth = createProblem({
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [0.5, 0.5] },
})

describe('convergenceTest', () => {
  // the others come to their orders at errors near rounding here: test/characteristics/tableaux.test.ts observes them all
  it.each([
    ['euler', [256, 512]],
    ['heun', [256, 512]],
    ['bosh3', [128, 256]],
    ['dopri5', [128, 256]],
    ['dopri8', [16, 24, 32]],
  ] as const)('observes the order of %s', async (name, counts) => {
    const solver = steppedCharacteristics(name, counts)
    const { lines } = await convergenceTest(solver, smooth, { time: 2, trajectories: 200 })
    expect(lines).toHaveLength(1)
    expect(Math.abs(lines[0].observedOrder - tableaux[name].order)).toBeLessThan(0.2)
  })

  it('leaves out steps whose error is rounding', async () => {
    const { lines } = await convergenceTest('dopri8', smooth, { time: 2, trajectories: 200 })
    const [{ error, observedOrder, observedOrders }] = lines
    expect(error.at(-1)).toBeLessThan(1e-14)
    expect(observedOrder).toBe(observedOrders.at(-2))
    // so do the table and the figure
    const results = await convergenceTest('dopri8', smooth, { time: 2, trajectories: 200 })
    const rows = convergenceText(results).split('\n')
    expect(rows.filter((row) => /rounding$/.test(row))).toHaveLength(error.filter((e) => e < 1e-14).length)
    expect(rows).toContain('Errors below 1e-14 are rounding and have no order.')
    const { svg } = convergenceFigure(results)
    expect(svg).toContain(`order ${observedOrder.toFixed(2)}`)
    expect(svg).toContain('two finest steps above rounding')
  })

  it('gives a table as values, text and a figure', async () => {
    const results = await convergenceTest(['euler', steppedCharacteristics('heun', [8, 16])], smooth, {
      time: 2,
      trajectories: 100,
    })
    const [euler, heun] = results.lines
    expect(heun.step).toEqual([1 / 8, 1 / 16])
    expect(heun.observedOrders).toEqual([heun.observedOrder])
    expect(heun.observedOrder).toBeCloseTo(Math.log2(heun.error[0] / heun.error[1]), 12)
    const lines = convergenceText(results).trimEnd().split('\n')
    expect(lines[0]).toMatch(/^solver +1\/step +relative error +order +theory$/)
    expect(lines).toHaveLength(1 + euler.step.length + 2)
    expect(lines.at(-2)).toMatch(/^characteristics:heun +8 +/)
    expect(lines.at(-1)).toMatch(/^ +16 +\S+ +[12]\.\d\d$/)
    const { svg } = convergenceFigure(results)
    expect(svg).toContain('characteristics:euler')
    expect(JSON.parse(JSON.stringify(results))).toEqual(results)
  })

  it('refuses what gives no order', async () => {
    const one = steppedCharacteristics('heun', [8])
    await expect(convergenceTest(one, smooth, { time: 2 })).rejects.toThrow(/counts of characteristics:heun/)
    await expect(convergenceTest('rk3' as 'heun', smooth, { time: 2 })).rejects.toThrow(/tableau is "rk3"/)
  })
})

describe('workPrecision', () => {
  it('has less error for more work, in values, text and figures', async () => {
    const families = {
      dopri5: [1e-3, 1e-5, 1e-7].map((rtol) => rungeKutta({ tableau: 'dopri5', rtol, atol: rtol })),
      heun: [8, 16, 32].map((steps) => sampler({ steps })),
    }
    const results = await workPrecision(families, smooth, { time: 5, trajectories: 300, repeats: 2 })
    expect(results.lines.map(({ label }) => label)).toEqual(['dopri5', 'heun'])
    for (const { points } of results.lines)
      points.slice(1).forEach((point, i) => {
        expect(point.error).toBeLessThan(points[i].error)
        expect(point.evaluations).toBeGreaterThan(points[i].evaluations)
        expect(point.seconds).toBeGreaterThan(0)
        expect(point.maximumError).toBeGreaterThan(point.error)
      })
    // K steps of Heun are 2 K − 1 evaluations
    expect(results.lines[1].points.map(({ evaluations }) => evaluations)).toEqual([15, 31, 63])
    expect(results.lines[0].points[0].options).toMatchObject({ tableau: 'dopri5', rtol: 1e-3 })
    expect(workPrecisionText(results).trimEnd().split('\n')).toHaveLength(7)
    expect(workPrecisionFigure(results).svg).toContain('score evaluations a point')
    expect(workPrecisionFigure(results, 'seconds').svg).toContain('microseconds a point')
  })

  it('needs a method', async () => {
    expect((await workPrecision({ heun: [sampler({ steps: 2 })] }, smooth, { time: 2 })).trajectories).toBe(
      4000,
    )
    await expect(workPrecision({}, smooth, { time: 2 })).rejects.toThrow(/at least one method/)
  })
})
