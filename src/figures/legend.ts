import type { RenderFunction } from '@observablehq/plot'
import * as Plot from '@observablehq/plot'
import { type Block, drawPlot } from './figure.ts'
import { figureWidth, fontSize, ink, type SeriesStyle } from './style.ts'
import { shorten, textWidth } from './text.ts'

export interface LegendEntry {
  readonly label: string
  readonly style: SeriesStyle
  /** line: dash and marker · plain: dash alone · dot: marker alone · open: hollow marker */
  readonly kind: 'line' | 'plain' | 'dot' | 'open'
  /** The series of the figure that it explains */
  readonly series?: number
}

const ROW = 20
const KEY = 34
const GAP = 22

/** Entries side by side, as many rows as `width` needs. Keys are drawn by the same marks as the figure. */
export function legend(entries: readonly LegendEntry[], width: number = figureWidth - 40): Block {
  let x = 0
  let row = 0
  let right = 0
  const placed = entries.map((entry) => {
    const label = shorten(entry.label, width - KEY - 2)
    const size = KEY + textWidth(label)
    if (x > 0 && x + size > width) {
      x = 0
      row++
    }
    const at = { ...entry, label, x, y: row * ROW + ROW / 2 }
    right = Math.max(right, x + size)
    x += size + GAP
    return at
  })
  const height = (row + 1) * ROW
  const keys = placed.flatMap(({ x, y, kind, style, series }) => {
    const middle = [[x + KEY / 2 - 3, y]]
    const line = Plot.line(
      [
        [x, y],
        [x + KEY - 6, y],
      ],
      {
        stroke: style.colour,
        strokeDasharray: style.dash,
        strokeWidth: 2,
        ...ofSeries(series),
      },
    )
    const dot = Plot.dot(middle, { ...markerOptions(style, kind === 'open'), ...ofSeries(series) })
    return kind === 'line' ? [line, dot] : kind === 'plain' ? [line] : [dot]
  })
  const labels = placed.map((entry) =>
    Plot.text([entry], {
      x: (p) => p.x + KEY,
      y: 'y',
      text: 'label',
      textAnchor: 'start',
      fill: ink,
      fontSize,
      ...ofSeries(entry.series),
    }),
  )
  return drawPlot({
    width: Math.ceil(right) + 2,
    height,
    margin: 0,
    axis: null,
    x: { type: 'identity' },
    y: { type: 'identity' },
    marks: [...keys, ...labels],
  })
}

/** How a marker of this style is drawn, in the figure and in the legend alike. */
export function markerOptions(style: SeriesStyle, open = false): Plot.DotOptions {
  return {
    symbol: style.marker,
    fill: open ? 'white' : style.colour,
    stroke: style.colour,
    strokeWidth: open ? 1.5 : 1,
    r: 4.5,
  }
}

/** How the values of a mark are read off: at the vertices of its path, at its dots, or not at all. */
type Reading = 'line' | 'dot'

/**
 * Options of a mark that says which series of its figure it is, `data-of`, and how its values are read, `data-values`.
 * The names are not here but in the list of the whole figure (`makeFigure`): Plot's numbers are shortened.
 */
export function ofSeries(series: number | undefined, reading?: Reading): { readonly render: RenderFunction } {
  return {
    render(index, scales, values, dimensions, context, next) {
      const node = next?.(index, scales, values, dimensions, context) ?? null
      if (series !== undefined) node?.setAttribute('data-of', String(series))
      if (reading !== undefined) node?.setAttribute('data-values', reading)
      return node
    },
  }
}

/** Drawn SVG as part of a series. */
export function inSeries(series: number | undefined, svg: string): string {
  return series === undefined || svg === '' ? svg : `<g data-of="${series}">${svg}</g>`
}
