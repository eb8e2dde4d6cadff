import { expect, it } from 'vitest'
import { marginalFigures } from '../../experiments/marginals/figures.ts'
import { marginals } from '../../experiments/marginals/index.ts'
import { marginalReport } from '../../experiments/marginals/report-page.ts'
import { quick } from '../../experiments/marginals/settings.ts'
import { reportHtml } from '../../src/report/index.ts'

it('the SDEs and the ODE have the same marginals, and the slips of the note do not', async () => {
  const settings = { ...quick, samples: [1500, 400] as const, steps: 120, times: [0.3] }
  const results = await marginals({ seed: 1, settings })
  const laws = results.studies.map(({ rows }) => rows.map(({ law, agrees }) => `${law}: ${agrees}`))
  const right = ['forward SDE: true', 'reverse SDE: true', 'probability-flow ODE: true']
  const wrong = [
    'slip 1: equation (5) as written: false',
    'slip 2: CD step without the factor t: false',
    'slip 3: jump by its duration alone: false',
  ]
  expect(laws).toEqual([[...right, ...wrong], right, [...right, ...wrong]])
  expect(results.asExpected).toBe(true)
  const figures = marginalFigures(results)
  expect(figures.map(({ name }) => name)).toEqual(['marginals-1', 'marginals-2'])
  expect(reportHtml(marginalReport(results, figures))).toContain('reverse SDE')
}, 120_000)
