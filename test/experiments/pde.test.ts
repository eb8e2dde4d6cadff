import { expect, it } from 'vitest'
import { pdeFigures } from '../../experiments/pde/figures.ts'
import { pdeStudy } from '../../experiments/pde/index.ts'
import { pdeReport } from '../../experiments/pde/report-page.ts'
import { quick } from '../../experiments/pde/settings.ts'
import type { Progress } from '../../src/progress.ts'
import { formatCount } from '../../src/report/format.ts'
import { reportHtml } from '../../src/report/index.ts'

it('tables win on the line, characteristics need nothing before the first point, a network beats the Gaussian map', async () => {
  const problems = quick.problems.map((one) => ({ ...one, pinn: [150], cd: [20] }))
  const progress: Progress[] = []
  const { studies, ...rest } = await pdeStudy({
    onProgress: (one) => progress.push(one),
    seed: 1,
    settings: { trajectories: 300, milliseconds: 5, problems },
  })
  expect(progress.map(({ done }) => done)).toEqual(Array.from({ length: progress[0].total }, (_, k) => k))
  const [line, high] = studies
  const best = (study: typeof line, family: string) =>
    Math.min(...study.rows.filter((row) => row.family === family).map((row) => row.relativeError))
  expect(best(line, 'forward-map grid')).toBeLessThan(best(line, 'WENO5 grid') / 100)
  expect(best(line, 'WENO5 grid')).toBeLessThan(best(line, 'pinn'))
  for (const study of studies) {
    expect(best(study, 'characteristics')).toBeLessThan(1e-7)
    expect(best(study, 'pinn')).toBeLessThan(study.gaussian / 2)
    for (const row of study.rows) {
      const ready = ['characteristics', 'DPM-Solver++ 3M'].includes(row.family)
      expect(row.buildEvaluations === 0).toBe(ready)
      // a table sends points outside of it along characteristics
      if (!row.family.endsWith('grid')) expect(row.pointEvaluations > 0).toBe(ready)
    }
  }
  expect(high.rows.some(({ family }) => family.endsWith('grid'))).toBe(false)
  const results = { studies, ...rest }
  const figures = pdeFigures(results)
  expect(figures.map(({ name }) => name)).toEqual(['pde-cpu', 'pde-evaluations'])
  const four = pdeFigures({ ...results, studies: [line, high, line, high] })
  expect(four.map(({ name }) => name)).toEqual([
    'pde-cpu-1',
    'pde-cpu-2',
    'pde-evaluations-1',
    'pde-evaluations-2',
  ])
  expect(reportHtml(pdeReport(results, figures))).toContain('forward-map')
  const crossing = {
    ...{ family: 'pinn', size: 7000, relativeError: 0.0123, rival: 'DPM-Solver++ 3M' },
    ...{ rivalSize: 16, rivalMicroseconds: 2.5, speedUp: 3.25, fromPoints: 123_456 },
  }
  const { sections } = pdeReport(
    { ...results, studies: [{ ...line, crossingsBySeconds: [crossing] }] },
    figures,
  )
  expect(sections.flatMap(({ table }) => table?.rows ?? [])).toContainEqual([
    'pinn',
    '7000',
    '0.0123',
    'DPM-Solver++ 3M',
    '16',
    '2.50',
    '3.25',
    formatCount(123_456),
  ])
}, 120_000)
