import type { Figure } from '../../src/figures/index.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS } from '../report-head.ts'
import type { MetricResults } from './index.ts'
import { METRICS } from './tasks.ts'

/** The page of the study. */
export function metricReport(results: MetricResults, figures: readonly Figure[]): Report {
  const { trained, training } = results
  return {
    title: 'Which map does the metric choose?',
    equation: EQUATIONS.training,
    data: results,
    meta: {
      Data: `two Gaussian modes, the smaller of probability ${results.minorMass}`,
      'Time T': String(results.time),
      Training: `${training.steps} steps of ${training.batch}, N = ${training.intervals}`,
      Seed: String(results.seed),
    },
    sections: [
      { heading: 'What was found', paragraphs: metricFindings(results) },
      ...figures.map((figure): ReportSection => ({ heading: figure.title, figures: [figure] })),
      {
        heading: 'Trained networks',
        table: {
          caption: `Samples in the minor mode; the truth is ${results.minorMass}`,
          head: ['d', 'metric', 'seed', 'share', '± standard error'],
          rows: trained.map((row) => [
            String(row.dimension),
            row.metric,
            String(row.seed),
            row.minorMass.toFixed(3),
            row.standardError.toFixed(3),
          ]),
        },
      },
    ],
  }
}

/** What the numbers say, in sentences. */
function metricFindings({ biases, trained, minorMass, continuous }: MetricResults): string[] {
  const dimensions = [...new Set(trained.map(({ dimension }) => dimension))]
  const of = (metric: string) => biases.filter((row) => row.metric === metric)
  const list = (metric: string) =>
    of(metric)
      .map(({ bias, dimension }) => `${number(bias)} (d = ${dimension})`)
      .join(', ')
  const masses = dimensions.map((dimension) => {
    const shares = METRICS.map((metric) => {
      const values = trained
        .filter((row) => row.metric === metric && row.dimension === dimension)
        .map((row) => row.minorMass.toFixed(3))
      return `${metric} ${values.join(' and ')}`
    })
    return `d = ${dimension}: ${shares.join('; ')}`
  })
  const { byTime, meanInErrors } = continuous
  const worst = byTime.reduce((a, b) => (a.sample > b.sample ? a : b))
  const last = byTime[byTime.length - 1]
  return [
    `Under the norm a regression on two modes of 0.7 and 0.3 goes to their geometric median, whose distance from the mean, over that of the modes, is ${list('l1')}; under MeanFlow's weight with p = 0.75 it is ${list('adaptive, p = 0.75')}. The bias fades with the dimension.`,
    `Trained networks agree. The minor mode, with ${minorMass} of the data, gets, of the samples of consistency training, one number a seed: ${masses.join(' | ')}.`,
    `Continuous-time consistency training has no bias: the mean of its target over samples is ${number(Math.abs(meanInErrors))} standard errors from 0 at the exact map. It has noise: the variance of the target is up to ${number(worst.sample)} times that of the data (t = ${number(worst.time)}), ${number(last.sample)} at T, where the exact velocity in the derivative gives ${number(last.velocity)} and the best mixture (β = ${number(last.beta)}) ${number(last.best)}.`,
  ]
}

function number(value: number): string {
  const size = Math.abs(value)
  return size >= 1e-3 && size < 1e4 ? String(Number(value.toPrecision(3))) : value.toExponential(1)
}
