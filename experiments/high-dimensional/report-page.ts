import { type Figure, figures } from '../../src/figures/index.ts'
import { formatNumber, formatWithError } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS } from '../experiment.ts'
import type { HighDimensionalResults, HighDimensionalRow } from './index.ts'

const STRUCTURE =
  'The network of the defaults adds to its dense part one small network for every principal coordinate by itself. The ' +
  'coordinates of these problems are independent in the eigenbasis of their covariance, so that the additive part alone can be the ' +
  'whole map: this is the best case for it. Data that is not a product needs the dense part as well (docs/losses.md).'

/** Error and cost against the dimension. */
export function highDimensionalFigures({ rows, ladder }: HighDimensionalResults): Figure[] {
  const methods = [...new Set(rows.map(({ method }) => method))]
  const series = (label: string, value: (row: HighDimensionalRow) => number) => {
    const own = rows.filter(({ method }) => method === label)
    return { label, x: own.map(({ dimension }) => dimension), y: own.map(value) }
  }
  const networks = methods.filter((method) => method !== 'gaussian')
  const error = methods.map((method) => series(method, ({ relativeError }) => relativeError))
  const cost = networks.map((method) => series(method, ({ secondsPerStep }) => 1000 * secondsPerStep))
  const largest = Math.max(...rows.map(({ dimension }) => dimension))
  const climbed = networks.map((method) => {
    const own = [...ladder, ...rows]
      .filter((row) => row.dimension === largest && row.method === method)
      .sort((a, b) => a.steps - b.steps)
    return { label: method, x: own.map(({ steps }) => steps), y: own.map((row) => row.relativeError) }
  })
  const d = { label: 'dimension d', log: true }
  return [
    figures.linePanels({
      name: 'error-against-dimension',
      title: 'Error and cost against the dimension',
      caption:
        'Left: relative error of each map at T on rotated products, lower is better; the Gaussian map is what two moments give. Right: time of one training step.',
      panels: [
        { title: 'Error', x: d, y: { label: 'relative error', log: true }, lines: error, dots: error },
        {
          title: 'Cost',
          x: d,
          y: { label: 'milliseconds a training step', log: true },
          lines: cost,
          dots: cost,
        },
      ],
    }),
    figures.linePanels({
      name: 'error-against-steps',
      title: `Error against training steps at d = ${largest}`,
      caption:
        'Relative error of networks trained for different numbers of steps, each with its whole schedule.',
      panels: [
        {
          title: '',
          x: { label: 'training steps', log: true },
          y: { label: 'relative error', log: true },
          lines: climbed,
          dots: climbed,
        },
      ],
    }),
  ]
}

/** The network of the defaults in each dimension. */
function foundSection({ rows }: HighDimensionalResults): ReportSection {
  const own = rows.filter(({ method }) => method === 'pinn')
  const [first, last] = [own[0], own[own.length - 1]]
  const two = (value: number) => formatNumber(value, 2)
  return {
    heading: 'What was found',
    paragraphs: [
      `From d = ${first.dimension} to ${last.dimension} the relative error of the default network goes from ${two(first.relativeError)} to ${two(last.relativeError)}; that of the Gaussian map is ${two(first.gain)} and ${two(last.gain)} times as large. The trainings in many dimensions have fewer steps.`,
    ],
    table: {
      caption: 'pinn with its additive part; Gaussian / it: the error of the Gaussian map over its own',
      head: ['d', 'relative error', 'Gaussian / it', 'steps', 'seconds'],
      rows: own.map(({ dimension, relativeError, gain, steps, seconds }) => [
        String(dimension),
        two(relativeError),
        two(gain),
        String(steps),
        two(seconds),
      ]),
    },
  }
}

export function highDimensionalReport(results: HighDimensionalResults, drawn: readonly Figure[]): Report {
  const { rows, ladder, truth, time, seed } = results
  return {
    title: 'How does the error grow with the dimension?',
    equation: EQUATIONS.consistency,
    data: results,
    meta: {
      Data: 'rotated products of 1-D mixtures',
      'Time T': String(time),
      Seed: String(seed),
    },
    sections: [
      foundSection(results),
      { heading: 'Why these problems suit the network', paragraphs: [STRUCTURE] },
      {
        heading: 'Numbers',
        table: {
          caption: 'Relative error at T on importance-weighted trajectories',
          head: [
            'd',
            'method',
            'seed',
            'steps',
            'relative error',
            'median',
            'Gaussian / this',
            'ms a step',
            'seconds',
          ],
          rows: [...rows, ...ladder].map((row) => [
            String(row.dimension),
            row.method,
            row.seed === null ? '–' : String(row.seed),
            row.steps === 0 ? '–' : String(row.steps),
            formatWithError(row.relativeError, row.standardError),
            formatNumber(row.medianError),
            formatNumber(row.gain),
            row.steps === 0 ? '–' : formatNumber(1000 * row.secondsPerStep),
            row.steps === 0 ? '–' : formatNumber(row.seconds),
          ]),
        },
        paragraphs: [
          `The truth is exact: trajectories are carried forward from X₀ and f(T, x(T)) = X₀. The closed-form map agrees with it to ${formatNumber(Math.max(...truth.map(({ disagreement }) => disagreement)), 2)}.`,
        ],
      },
      ...drawn.map((figure) => ({ heading: figure.title, figures: [figure] })),
    ],
  }
}
