import { beforeAll, describe, expect, it } from 'vitest'
import { metricBias } from '../../experiments/metric/bias.ts'
import { continuousTraining } from '../../experiments/metric/continuous.ts'
import { metricFigures } from '../../experiments/metric/figures.ts'
import { type MetricResults, metricStudy } from '../../experiments/metric/index.ts'
import { metricReport } from '../../experiments/metric/report-page.ts'
import { quick } from '../../experiments/metric/settings.ts'
import { twoModes } from '../../experiments/metric/tasks.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { normalCdf } from '../../src/exact/normal.ts'
import { Random } from '../../src/random/random.ts'
import { reportHtml } from '../../src/report/index.ts'

describe('the bias of one regression', () => {
  const biases = metricBias([1, 8, 128])
  const at = (metric: string, dimension: number) =>
    biases.find((row) => row.metric === metric && row.dimension === dimension)?.bias ??
    expect.fail(`no bias of ${metric}`)

  it('is on the line the distance of median and mean', () => {
    // the median m of 0.7 N(0, ¼²) + 0.3 N(2, ¼²), a distance of 2 apart, whose mean is 0.6
    const below = (m: number) => 0.7 * normalCdf(4 * m) + 0.3 * normalCdf(4 * (m - 2))
    const median = 0.6 - 2 * at('l1', 1)
    expect(below(median)).toBeCloseTo(0.5, 3)
  })

  it('fades with the dimension, and grows with the power of the weight', () => {
    expect(at('l1', 8)).toBeCloseTo(0.144, 2)
    expect(at('l1', 128)).toBeCloseTo(0.02, 3)
    expect(at('adaptive, p = 0.75', 128)).toBeCloseTo(0.03, 3)
    expect(at('adaptive, p = 1', 8)).toBeGreaterThan(at('adaptive, p = 0.75', 8))
    expect(at('adaptive, p = 0.75', 8)).toBeGreaterThan(at('l1', 8))
  })
})

describe('continuous time', () => {
  const { density } = createProblem(twoModes(1))
  const { byTime, meanInErrors } = continuousTraining(density, 10, Random.stream(3, 'samples'))

  it('has a target without bias', () => {
    expect(Math.abs(meanInErrors)).toBeLessThan(3.5)
  })

  it('has more noise with the sample in the derivative where layers form, and least with the best mixture', () => {
    for (const { sample, velocity, best } of byTime)
      expect(best).toBeLessThanOrEqual(Math.min(sample, velocity) * (1 + 1e-9))
    const worst = Math.max(...byTime.map(({ sample, velocity }) => sample / velocity))
    expect(worst).toBeGreaterThan(30)
  })

  it('has for one Gaussian the variances of linear maps', () => {
    const gaussian = createProblem({
      process: { kind: 've' },
      data: { kind: 'gaussian', mean: [1], covariance: [[4]] },
    })
    for (const row of continuousTraining(gaussian.density, 10, Random.stream(0, 'samples')).byTime) {
      // ∇f = 2/√(4 + t²) and C = 4/(4 + t²)
      const slope = 2 / Math.hypot(2, row.time)
      expect(row.sample).toBeCloseTo(slope ** 4 / 4, 5)
      expect(row.velocity).toBeCloseTo(slope ** 2 / 4, 5)
    }
  })
})

describe('networks under another metric', () => {
  let results: MetricResults
  beforeAll(async () => {
    const training = { steps: 300, batch: 128, intervals: 16 }
    results = await metricStudy({ seed: 1, threads: 2, settings: { ...quick, trained: [1], training } })
  }, 120_000)

  it('lose samples of the minor mode, and keep them with the square', () => {
    const mass = (metric: string) =>
      results.trained.find((row) => row.metric === metric)?.minorMass ?? expect.fail(metric)
    expect(mass('l2')).toBeGreaterThan(0.26)
    expect(mass('l1')).toBeLessThan(0.24)
    expect(mass('adaptive')).toBeLessThan(0.24)
  })

  it('are drawn and told', () => {
    const figures = metricFigures(results)
    expect(figures.map(({ name }) => name)).toEqual(['metric-bias', 'continuous-variance'])
    const html = reportHtml(metricReport(results, figures))
    expect(html).toContain('a regression on two modes goes to their median under the norm (l1)')
    expect(html).toContain('id="results"')
  })
})
