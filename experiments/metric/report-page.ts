import type { Figure } from '../../src/figures/index.ts'
import { formatNumber, nothing } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS } from '../experiment.ts'
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
      metricSection(results),
      continuousSection(results),
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
            formatNumber(row.minorMass),
            formatNumber(row.standardError, 2),
          ]),
        },
      },
    ],
  }
}

/** How far the target of each metric is from the mean, and where trained networks come out. */
function metricSection({ biases, trained, minorMass }: MetricResults): ReportSection {
  const dimensions = [...new Set(biases.map(({ dimension }) => dimension))]
  const bias = (metric: string, dimension: number) =>
    formatNumber(biases.find((row) => row.metric === metric && row.dimension === dimension)?.bias ?? null)
  const shares = (metric: string, dimension: number) => {
    const own = trained.filter((row) => row.metric === metric && row.dimension === dimension)
    return own.length === 0 ? nothing : own.map((row) => formatNumber(row.minorMass)).join(', ')
  }
  return {
    heading: 'What was found: metrics',
    paragraphs: [
      `A metric other than the squared one moves the map: a regression on two modes goes to their median under the norm (l1), and farther under MeanFlow's weight (adaptive). Trained networks show it by what they leave of the minor mode, ${minorMass} of the data. The bias of one regression fades with the dimension.`,
    ],
    table: {
      caption:
        'Bias: distance of the target from the mean, over the distance of the modes. Trained: samples of ct in the minor mode, one number a seed',
      head: ['d', 'bias l1', 'bias adaptive', ...METRICS.map((metric) => `trained ${metric}`)],
      rows: dimensions.map((dimension) => [
        String(dimension),
        bias('l1', dimension),
        bias('adaptive, p = 0.75', dimension),
        ...METRICS.map((metric) => shares(metric, dimension)),
      ]),
    },
  }
}

/** The noise of continuous-time consistency training where it is largest, and at T. */
function continuousSection({ continuous: { byTime, meanInErrors } }: MetricResults): ReportSection {
  const worst = byTime.reduce((a, b) => (a.sample > b.sample ? a : b))
  const last = byTime[byTime.length - 1]
  return {
    heading: 'What was found: continuous time',
    paragraphs: [
      `Continuous-time consistency training has no bias: at the exact map the mean of its target is ${formatNumber(Math.abs(meanInErrors))} standard errors from 0. It has noise, which the exact velocity in the derivative of its target makes smaller in the middle and larger at T.`,
    ],
    table: {
      caption:
        'Variance of the target over that of the data; the mixture is the best one, β of the sample and 1 − β of the velocity',
      head: ['where', 't', 'one sample', 'exact velocity', 'best mixture', 'β'],
      rows: [['largest', worst] as const, ['at T', last] as const].map(
        ([where, { time, sample, velocity, best, beta }]) => [
          where,
          ...[time, sample, velocity, best, beta].map((value) => formatNumber(value)),
        ],
      ),
    },
  }
}
