import { expect, it } from 'vitest'
import { samplingFigures } from '../../experiments/sampling/figures.ts'
import { sampling } from '../../experiments/sampling/index.ts'
import { samplingReport } from '../../experiments/sampling/report-page.ts'
import { quick } from '../../experiments/sampling/settings.ts'
import { reportHtml } from '../../src/report/index.ts'

it('noise again makes a wrong consistency function better and the true one no worse', async () => {
  const results = await sampling({
    seed: 1,
    settings: {
      ...quick,
      trajectories: 300,
      samples: 1500,
      steps: [8, 32],
      linePoints: 2000,
      rounds: [1, 4],
      training: 50,
    },
  })
  const { rows, floor } = results.consistency
  const of = (f: string) => rows.filter((row) => row.f === f).map(({ wasserstein2 }) => wasserstein2)
  expect(Math.max(...of('exact f'))).toBeLessThan(2.5 * floor)
  const [one, four] = of('CT fixed point, N = 16')
  expect(four).toBeLessThan(0.75 * one)
  const [first, later] = of('CT fixed point with the norm, N = 16')
  expect(later).toBeLessThan(0.9 * first)
  for (const { observed, expected } of results.orders) expect(Math.abs(observed - expected)).toBeLessThan(0.3)
  const error = (sampler: string, steps: number) =>
    results.rows.find((row) => row.sampler === sampler && row.steps === steps)?.mapError ?? Number.NaN
  expect(error('dpm-2m', 32)).toBeLessThan(error('euler', 32) / 4)
  expect(error('dpm-3m', 32)).toBeLessThan(error('dpm-2m', 32))
  const figures = samplingFigures(results)
  expect(figures.map(({ name }) => name)).toEqual(['samplers', 'consistency-sampling'])
  expect(reportHtml(samplingReport(results, figures))).toMatch(
    /With at most 20 evaluations .* has the smallest error/,
  )
}, 120_000)
