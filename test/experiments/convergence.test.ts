import { beforeAll, describe, expect, it } from 'vitest'
import { convergenceFigures } from '../../experiments/convergence/figures.ts'
import { type ConvergenceStudy, convergence } from '../../experiments/convergence/index.ts'
import type { Varied } from '../../experiments/convergence/networks.ts'
import { convergenceReport } from '../../experiments/convergence/report-page.ts'
import { type ConvergenceSettings, quick } from '../../experiments/convergence/settings.ts'
import { sectionText } from '../../experiments/section-text.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { reportHtml } from '../../src/report/index.ts'

const tiny: ConvergenceSettings = {
  ...quick,
  // times are not looked at
  repeats: 1,
  networks: {
    ...{ trajectories: 300, batch: 128, rate: 5e-3, steps: 250, width: 12, intervals: 16 },
    ...{ eachIntervals: [2, 8], eachSteps: [20, 250], eachWidth: [4, 12], eachDimension: [2, 8] },
    ...{ dimensionSteps: 60, dimensionWidth: 32 },
  },
}

describe('convergence on a smooth problem', () => {
  let study: ConvergenceStudy
  beforeAll(async () => {
    const problem = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [0.8, 0.8] },
    })
    study = await convergence({ problem, time: 5, seed: 0, settings: tiny })
  }, 60_000)

  const solver = (name: string) =>
    study.lines.find(({ method }) => method === name) ?? expect.fail(`no solver ${name}`)
  const errors = (varied: Varied, name: string) =>
    study.networks.ladders.find((one) => one.varied === varied)?.lines.find(({ method }) => method === name)
      ?.error ?? expect.fail(`no ${name} against ${varied}`)

  it('observes the orders of theory', () => {
    for (const [name, order] of [
      ['characteristics:dopri8', 8],
      ['grid:upwind', 1],
      ['sampler:euler', 1],
      ['sampler:heun', 2],
    ] as const)
      expect(Math.abs(solver(name).observedOrder - order)).toBeLessThan(0.2)
    // quick stops before the asymptotic order of these two
    expect(solver('grid:weno5').observedOrder).toBeGreaterThan(4)
    expect(solver('grid:forward-map').observedOrder).toBeGreaterThan(5.8)
  })

  it('counts the work of the same runs: stages times steps, and grids once for all points', () => {
    expect(solver('characteristics:dopri8').evaluations.map((n, i) => n / [16, 24, 32, 48][i])).toEqual([
      12, 12, 12, 12,
    ])
    expect(solver('sampler:euler').evaluations).toEqual([16, 32, 64])
    for (const { evaluations, seconds, error } of study.lines) {
      expect([evaluations.length, seconds.length]).toEqual([error.length, error.length])
      evaluations.slice(1).forEach((work, i) => {
        expect(work).toBeGreaterThan(evaluations[i])
      })
      for (const value of seconds) expect(value).toBeGreaterThan(0)
    }
    // a grid serves all points: few evaluations for each
    expect(solver('grid:forward-map').error[1]).toBeLessThan(1e-7)
    expect(solver('grid:forward-map').evaluations[1]).toBeLessThan(
      solver('characteristics:dopri5').evaluations[0] / 2,
    )
  })

  it('trains networks that come to the fixed points of their losses at small N, and no further', () => {
    for (const name of ['cd euler', 'cd heun', 'ct']) {
      const [trained, target] = [errors('intervals', name), errors('intervals', `${name}, fixed point`)]
      expect(target[1]).toBeLessThan(target[0])
      expect(Math.abs(trained[0] / target[0] - 1)).toBeLessThan(0.35)
    }
    expect(errors('intervals', 'ct')[1]).toBeGreaterThan(2 * errors('intervals', 'cd heun')[1])
  })

  it('gains by training and by width, and beats the Gaussian map in 8 dimensions', () => {
    for (const name of ['pinn', 'cd heun'])
      expect(errors('steps', name)[1]).toBeLessThan(errors('steps', name)[0] / 2)
    expect(errors('width', 'pinn')[1]).toBeLessThan(errors('width', 'pinn')[0])
    expect(errors('dimension', 'pinn')[1]).toBeLessThan(errors('dimension', 'Gaussian map')[1] / 2)
  })

  it('is drawn and told', () => {
    const figures = convergenceFigures(study)
    expect(figures.map(({ name }) => name)).toEqual([
      'convergence',
      'work-precision',
      'networks-training',
      'networks-size',
    ])
    expect(figures[1].svg).toContain('CPU microseconds a point')
    expect(figures[1].svg).toContain('evaluations a point')
    expect(reportHtml(convergenceReport(study, figures))).toContain('A network has no order of its own')
    const text = sectionText(...convergenceReport(study, figures).sections.slice(0, 2))
    expect(text).toMatch(/^solver +theory +observed +finest error /m)
    expect(text).toMatch(/^N +2 → 8 +– +[\d.e-]+ → [\d.e-]+ /m)
    expect(text).toMatch(/^N, fixed points +2 → 8 /m)
    expect(JSON.parse(JSON.stringify(study))).toEqual(study)
  })
})
