import * as Plot from '@observablehq/plot'
import { InputError } from '../errors.ts'
import { extent, type Facet, type FacetAxis, facetGrid, frameWidth } from './facets.ts'
import { type Figure, makeFigure, stack } from './figure.ts'
import { legend, markerOptions, ofSeries } from './legend.ts'
import { pairs } from './log-log-panel.ts'
import { type ResidualHistory, residualStrips } from './residual-strips.ts'
import { figureWidth, type SeriesStyle, seriesStyle } from './style.ts'
import { logAxis } from './ticks.ts'

export interface TrainingCurve {
  /** Default training-curve */
  readonly name?: string
  readonly title: string
  readonly networks: readonly {
    readonly label: string
    readonly step: ArrayLike<number>
    readonly loss: ArrayLike<number>
    /** The true error at some of the steps */
    readonly error?: ErrorCurve
    /** The errors of other seeds, drawn thin */
    readonly otherSeeds?: readonly ErrorCurve[]
    /** The residual by time, at some of the steps */
    readonly residual?: Omit<ResidualHistory, 'label'>
  }[]
  /** Label of the panel of errors; default "relative RMS error" */
  readonly errorLabel?: string
  /** Label of the times of the residuals; default "t" */
  readonly timeLabel?: string
  /** What the colours of the residuals are; default "residual" */
  readonly residualLabel?: string
}

export interface ErrorCurve {
  readonly step: ArrayLike<number>
  readonly value: ArrayLike<number>
}

const MOST_BINS = 200

/**
 * Loss against training step on a logarithmic axis; below it, where known, the true error and the residual by time on the
 * same steps.
 */
export function trainingCurve(figure: TrainingCurve): Figure {
  const { networks } = figure
  if (networks.length === 0) throw new InputError('networks', networks, 'at least one network')
  const series = networks.map((network, i) => ({
    label: network.label,
    style: seriesStyle(i),
    loss: smooth(shown(network.step, network.loss)),
    error: network.error === undefined ? [] : shown(network.error.step, network.error.value),
    others: (network.otherSeeds ?? []).map(({ step, value }) => shown(step, value)),
  }))
  const histories = networks.flatMap(({ label, residual }, i) =>
    residual ? [{ label, series: i, ...residual }] : [],
  )
  const withError = series.some((s) => s.error.length > 0)
  const steps = series.flatMap((s) => [...s.loss.map((bin) => bin.step), ...s.error.map((p) => p[0])])
  const x: FacetAxis = { domain: extent([0, ...steps], 0), label: 'training step' }
  const losses = logAxis(series.flatMap((s) => s.loss.flatMap((bin) => [bin.low, bin.high])))
  const errors = logAxis(series.flatMap((s) => [s.error, ...s.others].flat().map((p) => p[1])))
  const panel = (facet: Facet, label: string, axis: ReturnType<typeof logAxis>, height: number) =>
    facetGrid([facet], {
      x,
      y: { type: 'log', domain: [...axis.domain], label, ticks: axis.ticks, tickFormat: axis.label },
      columns: 1,
      frame: { width: frameWidth(figureWidth - 28, 1), height },
    })
  const lossPanel = panel(
    {
      title: withError ? 'loss' : '',
      marks: [
        ...series.map((s, i) =>
          Plot.areaY(s.loss, {
            x: 'step',
            y1: 'low',
            y2: 'high',
            fill: s.style.colour,
            fillOpacity: 0.18,
            ...ofSeries(i),
          }),
        ),
        ...series.map((s, i) =>
          Plot.line(s.loss, { x: 'step', y: 'mean', ...stroke(s.style), ...ofSeries(i, 'line') }),
        ),
      ],
    },
    'training loss',
    losses,
    withError ? 260 : 400,
  )
  const errorPanel = () =>
    panel(
      {
        title: 'error against the truth',
        marks: series.flatMap((s, i) => [
          ...s.others.map((points) =>
            Plot.line(points, { ...stroke(s.style), strokeWidth: 0.8, ...ofSeries(i) }),
          ),
          Plot.line(s.error, { ...stroke(s.style), ...ofSeries(i) }),
          Plot.dot(s.error, { ...markerOptions(s.style), r: 3.5, ...ofSeries(i, 'dot') }),
        ]),
      },
      figure.errorLabel ?? 'relative RMS error',
      errors,
      240,
    )
  const strips = () =>
    histories.length === 0
      ? []
      : [
          residualStrips(histories, x, {
            time: figure.timeLabel ?? 't',
            residual: figure.residualLabel ?? 'residual',
          }),
        ]
  const kind = withError ? ('line' as const) : ('plain' as const)
  const key = legend(series.map((s, i) => ({ label: s.label, style: s.style, kind, series: i })))
  return makeFigure({
    name: figure.name ?? 'training-curve',
    title: figure.title,
    caption:
      'Training loss of each network against step on a logarithmic axis (line: geometric mean over neighbouring steps, ' +
      `band: their range)${withError ? '; below it the error against the truth at the same steps' : ''}` +
      `${series.some((s) => s.others.length > 0) ? ' (thin: other seeds)' : ''}` +
      `${histories.length > 0 ? ', and the residual of the transport equation by time' : ''}. ` +
      'Losses of different kinds are not comparable with each other; errors are.',
    series: networks.map(({ label }) => ({ label })),
    body: stack([key, lossPanel, ...(withError ? [errorPanel()] : []), ...strips()], 6),
  })
}

function shown(step: ArrayLike<number>, value: ArrayLike<number>): (readonly [number, number])[] {
  return pairs({ x: Array.from(step, (s) => s + 1), y: value }).map(([s, v]) => [s - 1, v] as const)
}

function stroke(style: SeriesStyle): Plot.LineOptions {
  return { stroke: style.colour, strokeDasharray: style.dash, strokeWidth: 2 }
}

interface Bin {
  readonly step: number
  readonly mean: number
  readonly low: number
  readonly high: number
}

// geometric mean and range over at most MOST_BINS groups of neighbouring steps
function smooth(points: readonly (readonly [number, number])[]): Bin[] {
  const size = Math.ceil(points.length / MOST_BINS)
  const bins: Bin[] = []
  for (let from = 0; from < points.length; from += size) {
    const group = points.slice(from, from + size)
    const values = group.map((p) => p[1])
    bins.push({
      step: group.reduce((sum, p) => sum + p[0], 0) / group.length,
      mean: Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / group.length),
      low: Math.min(...values),
      high: Math.max(...values),
    })
  }
  return bins
}
