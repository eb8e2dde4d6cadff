import { beforeAll, describe, expect, it } from 'vitest'
import { couplingFigures } from '../../experiments/coupling/figures.ts'
import { type CouplingStudy, coupling } from '../../experiments/coupling/index.ts'
import { couplingReport } from '../../experiments/coupling/report-page.ts'
import { type CouplingSettings, quick, withIntervals } from '../../experiments/coupling/settings.ts'
import { createProblem } from '../../src/problem/create.ts'
import { reportHtml } from '../../src/report/index.ts'

const tiny: CouplingSettings = {
  ...quick,
  intervals: [8, 16],
  mostHuber: 8,
  mostModified: 16,
  trajectories: 600,
  pairs: 4000,
  trained: [8],
  training: { steps: 500, batch: 256, rate: 5e-3 },
}

describe('the coupling of consistency training', () => {
  let study: CouplingStudy
  beforeAll(async () => {
    study = await coupling({ seed: 2, threads: 2, settings: tiny })
  }, 120_000)

  it('has pairs with the mean of the Euler step and the variance Δt² Cov(ε|x)', () => {
    expect(Math.abs(study.results.joint.meanInErrors)).toBeLessThan(3.5)
    expect(Math.abs(study.results.joint.varianceRatio - 1)).toBeLessThan(0.1)
  })

  it('has fixed points that smear with the square and move mass with the norm', () => {
    const rows = new Map(study.results.fixedPoints.map((row) => [`${row.method} ${row.intervals}`, row]))
    const at = (key: string) => rows.get(key) ?? expect.fail(`no row ${key}`)
    expect(study.results.minorMass).toBeCloseTo(0.3, 3)
    expect(at('ct l2 16').relativeError).toBeGreaterThan(5 * at('cd euler 16').relativeError)
    expect(at('cd heun 16').relativeError).toBeLessThan(at('cd euler 16').relativeError)
    expect(at('cd heun 16').minorMass).toBeCloseTo(0.3, 2)
    expect(at('ct l1 16').minorMass).toBeGreaterThan(0.14)
    expect(at('ct l1 16').minorMass).toBeLessThan(0.165)
    expect(Math.abs(at('ct pseudo-huber 8').minorMass - at('ct l1 8').minorMass)).toBeLessThan(0.01)
  })

  it('has a floor of the loss that is near its leading order and that a network reaches', () => {
    for (const { method, floor } of study.results.fixedPoints) {
      expect(floor !== null).toBe(method === 'ct l2')
      if (floor) expect(Math.abs(floor.leading / floor.exact - 1)).toBeLessThan(0.2)
    }
    const [{ loss, floor, ratio }] = study.results.trained
    expect(Math.abs(loss / (floor as number) - 1)).toBeLessThan(0.15)
    expect(Math.abs(ratio - 1)).toBeLessThan(0.3)
  })

  it('solves the modified equation, which comes nearer with the shift and with a smaller step', () => {
    const distances = (method: string) =>
      study.results.fixedPoints
        .filter((row) => row.method === method)
        .map(({ distanceToFixedPoint }) => distanceToFixedPoint as number)
    const [plain, shifted] = [distances('equation (7)'), distances('equation (7), shifted')]
    expect(plain).toHaveLength(2)
    expect(plain[1]).toBeLessThan(plain[0])
    shifted.forEach((distance, i) => {
      expect(distance).toBeLessThan(plain[i])
    })
  })

  it('is drawn and told', () => {
    const figures = couplingFigures(study)
    expect(figures.map(({ name }) => name)).toEqual([
      'coupling-joint',
      'fixed-point-errors',
      'fixed-point-maps',
      'loss-floor',
    ])
    const html = reportHtml(couplingReport(study, figures))
    expect(html).toContain('times what its fixed point predicts')
    expect(html).toContain('id="results"')
  })

  it('is refused in two dimensions', async () => {
    const problem = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [1], means: [[0, 0]], stds: [1] },
    })
    await expect(coupling({ problem, seed: 0, threads: 1, settings: tiny })).rejects.toThrow(/dimension/)
  })
})

it('computes the fixed points at one N, and trains nothing, where that is asked for', async () => {
  const study = await coupling({ seed: 0, threads: 2, settings: withIntervals(tiny, 8) })
  expect(study.results.trained).toEqual([])
  expect(new Set(study.results.fixedPoints.map(({ intervals }) => intervals))).toEqual(new Set([8]))
  const figures = couplingFigures(study)
  expect(figures).toHaveLength(4)
  expect(reportHtml(couplingReport(study, figures))).toContain('At N = 8 its fixed point')
}, 60_000)
