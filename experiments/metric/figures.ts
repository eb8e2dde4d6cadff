import { type Figure, figures } from '../../src/figures/index.ts'
import type { MetricResults } from './index.ts'
import { METRICS } from './tasks.ts'

/** The figures of the study. */
export function metricFigures(results: MetricResults): Figure[] {
  return [biasFigure(results), varianceFigure(results)]
}

const NAMES: Readonly<Record<string, string>> = {
  l2: 'squared norm',
  l1: 'norm',
  'pseudo-huber': 'pseudo-Huber',
  adaptive: 'adaptive weight',
}

function biasFigure({ biases, trained, minorMass }: MetricResults): Figure {
  const names = [...new Set(biases.map(({ metric }) => metric))]
  const dimensions = [...new Set(trained.map(({ dimension }) => dimension))]
  return figures.linePanels({
    name: 'metric-bias',
    title: 'Another metric, another map: the bias and how it fades with the dimension',
    caption:
      'A regression under another metric than the squared norm misses the conditional mean (left, two modes of 0.7 and 0.3, by quadrature; the ' +
      'norm, pseudo-Huber and the adaptive weight with p = 0.5 give one line), and consistency training under it loses samples of the minor mode (right: trained networks, a dot a seed), less so in high dimension.',
    panels: [
      {
        title: 'bias of one regression',
        x: { label: 'dimension', log: true },
        y: { label: 'distance from the mean, over that of the modes', log: true },
        lines: names.map((label) => {
          const rows = biases.filter(({ metric }) => metric === label)
          return {
            label: NAMES[label] ?? label,
            x: rows.map((row) => row.dimension),
            y: rows.map((row) => row.bias),
          }
        }),
      },
      {
        title: 'samples in the minor mode',
        x: { label: 'dimension', log: true },
        y: { label: 'share of samples', domain: [0, 1.25 * minorMass] },
        lines: [{ label: 'truth', x: dimensions, y: dimensions.map(() => minorMass) }],
        dots: METRICS.map((metric) => {
          const rows = trained.filter((row) => row.metric === metric)
          return {
            label: `trained, ${NAMES[metric] ?? metric}`,
            x: rows.map((row) => row.dimension),
            y: rows.map((row) => row.minorMass),
          }
        }),
      },
    ],
  })
}

function varianceFigure({ continuous }: MetricResults): Figure {
  const { byTime } = continuous
  const x = byTime.map(({ time }) => time)
  // earlier the derivative counts for nothing, and β may be anything
  const late = byTime.filter(
    ({ sample, velocity }) => sample > velocity || velocity < 0.5 * byTime[0].velocity,
  )
  return figures.linePanels({
    name: 'continuous-variance',
    title: 'Continuous time: no bias, but noise',
    caption:
      'The variance of the target of the average velocity (left), with one sample of the noise in its derivative (as in continuous-time ' +
      'consistency training and MeanFlow), with the exact velocity there, and with the best mixture of both; and the share of the sample in that mixture (right).',
    panels: [
      {
        title: 'variance of the target',
        x: { label: 't', log: true },
        y: { label: 'over the variance of the data', log: true },
        lines: [
          { label: 'sample in the derivative (β = 1)', x, y: byTime.map(({ sample }) => sample) },
          { label: 'velocity in the derivative (β = 0)', x, y: byTime.map(({ velocity }) => velocity) },
          { label: 'best β', x, y: byTime.map(({ best }) => best) },
        ],
      },
      {
        title: 'the best β',
        x: { label: 't', log: true },
        y: { label: 'β' },
        lines: [{ label: 'best β', x: late.map(({ time }) => time), y: late.map(({ beta }) => beta) }],
      },
    ],
  })
}
