import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { couplingFigures } from '../../experiments/coupling/figures.ts'
import { type CouplingStudy, coupling } from '../../experiments/coupling/index.ts'
import { couplingReport, halvings } from '../../experiments/coupling/report-page.ts'
import { quick } from '../../experiments/coupling/settings.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { reportHtml } from '../../src/report/index.ts'

describe('coupling in the plane', () => {
  let study: CouplingStudy
  beforeAll(async () => {
    const problem = await readProblem(
      fileURLToPath(new URL('../../problems/three-modes.json', import.meta.url)),
    )
    const plane = {
      intervals: [4, 8],
      nodes: 31,
      cells: 12,
      trained: [4],
      training: { steps: 200, batch: 128, rate: 5e-3 },
    }
    study = await coupling({
      problem,
      time: 10,
      seed: 0,
      threads: 1,
      settings: { ...quick, trajectories: 600, plane },
    })
  }, 60_000)

  it('has fixed points of the orders of the line, and the modified equation beside that of training', () => {
    const errors = (method: string) =>
      study.results.fixedPoints
        .filter((row) => row.method === method)
        .map(({ relativeError, distanceToFixedPoint }) => distanceToFixedPoint ?? relativeError)
    const [ct, euler, heun] = ['ct l2', 'cd euler', 'cd heun'].map(errors)
    expect(ct[1]).toBeGreaterThan(5 * euler[1])
    expect(heun[1]).toBeLessThan(euler[1] / 2)
    const halved = halvings(study.results.fixedPoints)
    const [byCt, byEuler, byHeun, byPlain, byShifted] = [
      ...['ct l2', 'cd euler', 'cd heun', 'equation (7)', 'equation (7), shifted'],
    ].map((method) => halved.get(method)?.[0] ?? expect.fail(`no ${method}`))
    expect(byCt).toBeGreaterThan(1.2)
    expect(byCt).toBeLessThan(2)
    expect(Math.abs(byEuler - 2)).toBeLessThan(0.4)
    expect(byHeun).toBeGreaterThan(2.4)
    expect(Math.abs(byPlain - 2)).toBeLessThan(0.4)
    expect(byShifted).toBeGreaterThan(2.4)
  })

  it('has a trained network near its fixed point, and nothing of the line', () => {
    expect(study.results.trained).toHaveLength(1)
    expect(Math.abs(study.results.trained[0].ratio - 1)).toBeLessThan(0.25)
    expect([study.results.joint, study.results.minorMass]).toEqual([null, null])
    for (const { floor, minorMass } of study.results.fixedPoints)
      expect([floor, minorMass]).toEqual([null, null])
    const figures = couplingFigures(study)
    expect(figures.map(({ name }) => name)).toEqual(['fixed-point-errors', 'fixed-point-maps'])
    expect(figures[1].svg).toContain('trained ct l2, N = 4')
    expect(reportHtml(couplingReport(study, figures))).toContain('What half the step gains')
  })
})
