import * as Plot from '@observablehq/plot'
import { InputError } from '../errors.ts'
import { extent, type FacetAxis, facetGrid, frameWidth } from './facets.ts'
import { beside, type Figure, makeFigure, stack } from './figure.ts'
import { type LegendEntry, legend, markerOptions, ofSeries } from './legend.ts'
import { drawable } from './log-log-panel.ts'
import { figureWidth, type SeriesStyle, seriesStyle } from './style.ts'
import { logAxis } from './ticks.ts'

/** Points of one series. Series with the same label, in other panels, have the same colour. */
export interface LineSeries {
  readonly label: string
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
}

interface PanelAxis {
  readonly label: string
  readonly log?: boolean
  /** Default: what the series need */
  readonly domain?: readonly [number, number]
}

export interface LinePanel {
  readonly title: string
  readonly x: PanelAxis
  readonly y: PanelAxis
  readonly lines?: readonly LineSeries[]
  readonly dots?: readonly LineSeries[]
}

export interface LinePanels {
  readonly name: string
  readonly title: string
  /** One sentence: what is shown and how to read it. */
  readonly caption: string
  readonly panels: readonly LinePanel[]
}

const HEIGHT = 360
// more dots than this are drawn small and pale
const MANY = 60

/** Panels side by side, each with axes of its own, lines and dots, and one legend for all. */
export function linePanels({ name, title, caption, panels }: LinePanels): Figure {
  const labels = [
    ...new Set(panels.flatMap(({ lines = [], dots = [] }) => [...lines, ...dots].map(({ label }) => label))),
  ]
  if (labels.length === 0) throw new InputError('panels', panels, 'at least one line or some dots')
  const styles = new Map(labels.map((label, i) => [label, seriesStyle(i)]))
  const style = (label: string) => styles.get(label) as SeriesStyle
  const isLine = (label: string) =>
    panels.some(({ lines = [] }) => lines.some((line) => line.label === label))
  const width = frameWidth((figureWidth - 16 - 28 * panels.length) / panels.length, 1)
  const blocks = panels.map((panel) => {
    const { lines = [], dots = [] } = panel
    const [x, y] = (['x', 'y'] as const).map((axis) => facetAxis(panel[axis], axis, [...lines, ...dots]))
    const shown = ({ x: xs, y: ys }: LineSeries) =>
      Array.from(xs, (value, i): [number, number] => [value, ys[i]]).filter(
        ([a, b]) =>
          (panel.x.log ? drawable(a) : Number.isFinite(a)) &&
          (panel.y.log ? drawable(b) : Number.isFinite(b)),
      )
    return facetGrid(
      [
        {
          title: panel.title,
          marks: [
            ...dots.map((series) => {
              const own = style(series.label)
              const dot = series.x.length > MANY ? many(own) : markerOptions(own, !isLine(series.label))
              return Plot.dot(shown(series), {
                ...dot,
                clip: true,
                ...ofSeries(labels.indexOf(series.label), 'dot'),
              })
            }),
            ...lines.map((series) => {
              const { colour, dash } = style(series.label)
              return Plot.line(shown(series), {
                stroke: colour,
                strokeDasharray: dash,
                strokeWidth: 2,
                clip: true,
                ...ofSeries(labels.indexOf(series.label), 'line'),
              })
            }),
          ],
        },
      ],
      { x, y, columns: 1, frame: { width, height: HEIGHT } },
    )
  })
  const entries = labels.map((label, series): LegendEntry => {
    const marked = panels.flatMap(({ dots = [] }) => dots.filter((one) => one.label === label))
    const few = marked.some(({ x }) => x.length <= MANY)
    const kind = isLine(label) ? (few ? 'line' : 'plain') : few ? 'open' : 'dot'
    return { label, style: style(label), kind, series }
  })
  return makeFigure({
    name,
    title,
    caption,
    series: labels.map((label) => ({ label })),
    body: stack([legend(entries), beside(blocks, 8)], 6),
  })
}

function many({ colour, marker }: SeriesStyle): Plot.DotOptions {
  return { symbol: marker, fill: colour, fillOpacity: 0.35, stroke: 'none', r: 1.3 }
}

function facetAxis(
  { label, log, domain }: PanelAxis,
  axis: 'x' | 'y',
  series: readonly LineSeries[],
): FacetAxis {
  const values = series.flatMap((one) => Array.from(one[axis]))
  if (!log) return { domain: domain ?? extent(values, 0.04), label }
  const { domain: own, ticks, label: tickFormat } = logAxis(values)
  return { type: 'log', domain: domain ?? [...own], label, ticks: [...ticks], tickFormat }
}
