import * as Plot from '@observablehq/plot'
import { type Block, drawPlot, place, stack } from './figure.ts'
import { inSeries } from './legend.ts'
import { fontSize, frameInk, gridInk, paleInk } from './style.ts'
import { escapeXml, shorten, svgText, textWidth, wrapText } from './text.ts'
import { linearTicks } from './ticks.ts'

export interface Facet {
  /** Above the panel, bold; empty for a panel without a head */
  readonly title: string
  /** Under the title */
  readonly note?: string
  readonly marks: readonly Plot.Markish[]
  /** The series of the whole panel, of figures with a panel a series */
  readonly series?: number
}

/** One axis, the same for all facets. */
export interface FacetAxis extends Plot.ScaleOptions {
  readonly domain: readonly [number, number]
  readonly label: string
  /** Round numbers, as many as fit, unless given */
  readonly ticks?: readonly number[]
  readonly tickFormat?: (tick: number) => string
}

/** Space for tick labels and axis label. */
export const axisMargin = { left: 88, bottom: 48, rest: 10 } as const
const LINE = 16

/**
 * Small multiples: panels of one size with the same axes. Tick labels and axis labels stand on the left column
 * and under the lowest panel of every column only.
 */
export function facetGrid(
  facets: readonly Facet[],
  options: {
    x: FacetAxis
    y: FacetAxis
    columns: number
    frame: { width: number; height: number }
    grid?: boolean
  },
): Block {
  const { x, y, columns, frame, grid = true } = options
  const heads = facets.map((facet) => [
    ...wrapText(facet.title, frame.width, fontSize + 1, 'bold').map((text) => ({ text, bold: true })),
    ...wrapText(breakAtCommas(facet.note ?? ''), frame.width).map((text) => ({ text, bold: false })),
  ])
  const xTicks = ticksOf(x, frame.width, 'x')
  const yTicks = ticksOf(y, frame.height, 'y')
  const rows: Block[] = []
  for (let first = 0; first < facets.length; first += columns) {
    const row = facets.slice(first, first + columns)
    const headLines = Math.max(...row.map((_, i) => heads[first + i]?.length ?? 0))
    const headHeight = LINE * headLines + 4
    let left = 0
    let svg = ''
    let height = 0
    row.forEach((facet, i) => {
      const below = first + i + columns < facets.length
      const margin = {
        left: i === 0 ? axisMargin.left : axisMargin.rest,
        right: axisMargin.rest + 2,
        bottom: below ? axisMargin.rest : axisMargin.bottom,
      }
      const panel = drawPlot({
        width: margin.left + frame.width + margin.right,
        height: 2 + frame.height + margin.bottom,
        marginLeft: margin.left,
        marginRight: margin.right,
        marginTop: 2,
        marginBottom: margin.bottom,
        x: { ...x, axis: null } as Plot.ScaleOptions,
        y: { ...y, axis: null } as Plot.ScaleOptions,
        marks: [
          grid ? [Plot.gridX(gridOptions(xTicks)), Plot.gridY(gridOptions(yTicks))] : null,
          ...facet.marks,
          Plot.frame({ stroke: frameInk }),
          below ? null : Plot.axisX(axisOptions(shorten(x.label, frame.width), xTicks, 34)),
          i === 0 ? Plot.axisY(axisOptions(shorten(y.label, frame.height), yTicks, 72)) : null,
        ],
      })
      const head = (heads[first + i] ?? []).map(({ text, bold }, line, own) =>
        svgText(
          margin.left,
          12 + (headLines - own.length + line) * LINE,
          text,
          bold ? { weight: 'bold', size: fontSize + 1 } : { fill: paleInk },
        ),
      )
      const readable = {
        ...panel,
        svg: withAxes(panel.svg, x, y, [margin.left, 2, frame.width, frame.height]),
      }
      const headSvg = inSeries(facet.series, head.join(''))
      svg += place({ ...panel, svg: headSvg + place(readable, 0, headHeight) }, left, 0)
      left += panel.width
      height = Math.max(height, headHeight + panel.height)
    })
    rows.push({ svg, width: left, height })
  }
  return stack(rows, 6)
}

// how a page turns a place in the panel into values of the axes
function withAxes(svg: string, x: FacetAxis, y: FacetAxis, frame: readonly number[]): string {
  const axis = ({ label, type, domain }: FacetAxis) => ({ label, log: type === 'log', domain })
  const axes = JSON.stringify({ x: axis(x), y: axis(y), frame })
  return `<g data-panel="${escapeXml(axes)}">${svg}</g>`
}

type Ticks = readonly (readonly [number, string])[]

const MOST_TICKS = 8
const TICK_GAP = 14
const TICK_HEIGHT = 28

function ticksOf({ ticks, tickFormat = String, domain }: FacetAxis, length: number, along: 'x' | 'y'): Ticks {
  if (ticks !== undefined) return ticks.map((tick) => [tick, tickFormat(tick)] as const)
  for (let count = MOST_TICKS; count > 2; count--) {
    const round = linearTicks(domain[0], domain[1], count)
    const widest = Math.max(...round.map(([, label]) => textWidth(label)))
    if (round.length * (along === 'x' ? widest + TICK_GAP : TICK_HEIGHT) <= length) return round
  }
  return linearTicks(domain[0], domain[1], 2)
}

function gridOptions(ticks: Ticks): Plot.GridXOptions & Plot.GridYOptions {
  return { ticks: ticks.map(([tick]) => tick), stroke: gridInk, strokeOpacity: 1 }
}

function axisOptions(
  label: string,
  ticks: Ticks,
  labelOffset: number,
): Plot.AxisXOptions & Plot.AxisYOptions {
  const labels = new Map(ticks)
  return {
    ticks: [...labels.keys()],
    // not tickFormat, which Plot filters on logarithmic scales
    text: (tick: number) => labels.get(tick) ?? '',
    label,
    labelAnchor: 'center',
    labelArrow: 'none',
    labelOffset,
    tickSize: 4,
    fontSize,
  }
}

function breakAtCommas(text: string): string {
  return text.replace(/(?<![,;]) /g, '\u00a0')
}

/** The frame width that makes `columns` panels fill `width`. */
export function frameWidth(width: number, columns: number): number {
  const margins = axisMargin.left + (columns - 1) * axisMargin.rest + columns * (axisMargin.rest + 2)
  return Math.floor((width - margins) / columns)
}

/** Number of columns that shows n panels in even rows of at most four. */
export function columnsFor(n: number): number {
  if (n <= 4) return n
  return n === 5 || n === 6 || n === 9 ? 3 : 4
}

/** Points of R^d, row after row: values[i·dimension + k] is coordinate k of point i. */
export interface PointRows {
  readonly values: ArrayLike<number>
  readonly dimension: number
}

export function countRows(points: PointRows): number {
  return Math.floor(points.values.length / points.dimension)
}

/** One coordinate of every point. */
export function column(points: PointRows, k: number): number[] {
  return Array.from(
    { length: countRows(points) },
    (_, i) => points.values[i * points.dimension + k] as number,
  )
}

/** At most `most` of the indices 0 … n−1, evenly spread: no randomness, and no favour for the first ones. */
export function spread(n: number, most: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i)
  return Array.from({ length: most }, (_, i) => Math.floor((i * n) / most))
}

/** Smallest and largest finite value with air on both sides; [0, 1] when there is none. */
export function extent(values: Iterable<number>, air = 0.08): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return [0, 1]
  const margin = high > low ? air * (high - low) : Math.max(1e-9, Math.abs(low) * 0.1)
  return [low - margin, high + margin]
}
