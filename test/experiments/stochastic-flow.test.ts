import { expect, it } from 'vitest'
import { stochasticFlowFigures } from '../../experiments/stochastic-flow/figures.ts'
import { stochasticFlow } from '../../experiments/stochastic-flow/index.ts'
import { stochasticFlowReport } from '../../experiments/stochastic-flow/report-page.ts'
import { quick } from '../../experiments/stochastic-flow/settings.ts'
import { reportHtml } from '../../src/report/index.ts'

it('likelihood trains F and G to the closed form, and K steps approach the data', async () => {
  const training = { steps: 250, batch: 512, rate: 1e-2 }
  const settings = { ...quick, training, points: 1000, samples: 3000, steps: [1, 8] }
  const results = await stochasticFlow({ seed: 1, settings })
  for (const { worstMeanError, worstCovarianceError } of results.trained) {
    expect(worstMeanError).toBeLessThan(0.05)
    expect(worstCovarianceError).toBeLessThan(0.25)
  }
  const of = (sampler: string, steps: number) =>
    results.sampling.find((row) => row.sampler === sampler && row.steps === steps)?.wasserstein2 ?? Number.NaN
  expect(of('closed-form F, G', 8)).toBeLessThan(of('closed-form F, G', 1) / 3)
  expect(of('trained, cholesky G', 8)).toBeLessThan(of('closed-form F, G', 1) / 2)
  expect(of('closed-form F, G', 8)).toBeLessThan(of('reverse SDE', 8) / 2)
  expect(results.map).toBeLessThan(2 * results.floor.largest)
  const figures = stochasticFlowFigures(results)
  expect(figures.map(({ name }) => name)).toEqual(['stochastic-flow-fit', 'stochastic-flow-steps'])
  expect(reportHtml(stochasticFlowReport(results, figures))).toContain('cholesky')
}, 120_000)
