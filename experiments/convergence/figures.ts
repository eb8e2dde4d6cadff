import { type Figure, figures } from '../../src/figures/index.ts'
import { convergenceFigure } from '../../src/studies/index.ts'
import type { ConvergenceStudy } from './index.ts'
import type { Ladder, Varied } from './networks.ts'

/** Orders and work of the solvers, and networks against what their error depends on. */
export function convergenceFigures(study: ConvergenceStudy): Figure[] {
  return [convergenceFigure(study), workFigure(study), trainingFigure(study), sizeFigure(study)]
}

function workFigure({ lines, time, trajectories }: ConvergenceStudy): Figure {
  const series = (work: 'evaluations' | 'microseconds') =>
    lines.map(({ method, evaluations, seconds, error }) => ({
      label: method.replace(':', ', '),
      x: work === 'evaluations' ? evaluations : seconds.map((value) => (1e6 * value) / trajectories),
      y: error,
    }))
  const panel = (title: string, label: string, work: 'evaluations' | 'microseconds') => ({
    title,
    x: { label, log: true },
    y: { label: 'relative RMS error', log: true },
    lines: series(work),
    dots: series(work),
  })
  return figures.linePanels({
    name: 'work-precision',
    title: `Error against work at T = ${time}, for ${trajectories.toLocaleString('en')} points`,
    caption:
      'The runs of the order table against what they cost, construction of grids included: lower and further left is better. ' +
      'Errors below 1e-14 are rounding. CPU time is measured on one machine and is no part of what a seed fixes.',
    panels: [
      panel('CPU time', 'CPU microseconds a point', 'microseconds'),
      panel('evaluations of the score', 'evaluations a point', 'evaluations'),
    ],
  })
}

const AXES: Readonly<Record<Varied, { title: string; label: string }>> = {
  intervals: { title: 'discretisation of the loss', label: 'N, steps of the discretisation' },
  steps: { title: 'length of the training', label: 'training steps' },
  width: { title: 'width of the network', label: 'units a layer' },
  dimension: { title: 'dimension of the data', label: 'dimension d' },
}

function panels(ladders: readonly Ladder[], chosen: readonly Varied[]) {
  return ladders
    .filter(({ varied }) => chosen.includes(varied))
    .map(({ varied, values, lines }) => {
      const series = lines.map(({ method, error }) => ({ label: method, x: values, y: error }))
      return {
        title: AXES[varied].title,
        x: { label: AXES[varied].label, log: true },
        y: { label: 'relative RMS error', log: true },
        lines: series,
        // what is no training has a line alone
        dots: series.filter(({ label }) => !/fixed point|Gaussian/.test(label)),
      }
    })
}

function trainingFigure({ networks }: ConvergenceStudy): Figure {
  const { steps, intervals } = networks.settings
  return figures.linePanels({
    name: 'networks-training',
    title: 'Trained networks against N and against training steps',
    caption:
      `Left: with N a trained network follows the fixed point of its loss (lines without markers) until ${steps} steps of training are too few. ` +
      `Right: with training steps, at N = ${intervals}, pinn falls as far as it is trained, cd and ct to their fixed points.`,
    panels: panels(networks.ladders, ['intervals', 'steps']),
  })
}

function sizeFigure({ networks }: ConvergenceStudy): Figure {
  const { steps, dimensionSteps } = networks.settings
  return figures.linePanels({
    name: 'networks-size',
    title: 'Trained networks against width and against dimension',
    caption:
      `Left: units a layer, ${steps} training steps. Right: rotated products of growing dimension, ${dimensionSteps} steps of one width, ` +
      'beside the map of the Gaussian with the same moments, which needs no training.',
    panels: panels(networks.ladders, ['width', 'dimension']),
  })
}
