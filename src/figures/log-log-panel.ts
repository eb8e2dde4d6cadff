import * as Plot from '@observablehq/plot'
import { axisMargin, facetGrid, frameWidth } from './facets.ts'
import { type Block, stack } from './figure.ts'
import { inSeries, type LegendEntry, legend, markerOptions, ofSeries } from './legend.ts'
import { figureWidth, frameInk, paper, type SeriesStyle, seriesStyle } from './style.ts'
import { type Box, escapeXml, placeLabels, round, svgText } from './text.ts'
import { logAxis } from './ticks.ts'

export interface LogLine {
  readonly label: string
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  /** Written beside the last point */
  readonly endLabel?: string
}

interface LogRule {
  readonly label: string
  readonly y: number
  /** Default a black dotted line */
  readonly style?: SeriesStyle
}

/** A dashed straight line: a reference slope. */
export interface LogReference {
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
}

const FRAME_HEIGHT = 440
// share of the width of all points that an end label needs
const LABEL_ROOM = 0.1
const RULE: SeriesStyle = { colour: '#000000', dash: '2 4', marker: 'circle' }
const REFERENCE: SeriesStyle = { colour: frameInk, dash: '6 4', marker: 'circle' }

/**
 * Lines, single dots, horizontal rules and reference slopes on two logarithmic axes, with the legend above. Lines, dots and rules
 * are the series of the figure in this order.
 */
export function logLogPanel(options: {
  lines: readonly LogLine[]
  dots?: readonly LogLine[]
  rules?: readonly LogRule[]
  references?: readonly LogReference[]
  referenceLabel?: string
  xLabel: string
  yLabel: string
}): Block {
  const { lines, dots = [], rules = [], references = [], referenceLabel = '', xLabel, yLabel } = options
  const series = [...lines, ...dots].map((line, i) => {
    const points = pairs(line)
    const lost = line.x.length - points.length
    const label = lost === 0 ? line.label : `${line.label} (${lost} not shown: zero or not finite)`
    return { ...line, label, points, style: seriesStyle(i), joined: i < lines.length, series: i }
  })
  const everything = series.flatMap((s) => s.points)
  const x = logAxis([...everything.map((p) => p[0]), ...roomForLabels(series)])
  const y = logAxis([...everything.map((p) => p[1]), ...rules.map((rule) => rule.y)])
  const frame = { width: frameWidth(figureWidth - 28, 1), height: FRAME_HEIGHT }
  const panel = facetGrid(
    [
      {
        title: '',
        marks: [
          ...references.map((r) => Plot.line([r.from, r.to], stroke(REFERENCE, 1.5))),
          ...rules.map((rule, i) =>
            Plot.ruleY([rule.y], { ...stroke(rule.style ?? RULE, 1.75), ...ofSeries(series.length + i) }),
          ),
          ...series
            .filter((s) => s.joined)
            .map((s) => Plot.line(s.points, { ...stroke(s.style, 2), ...ofSeries(s.series) })),
          ...series.map((s) =>
            Plot.dot(s.points, { ...markerOptions(s.style, !s.joined), ...ofSeries(s.series, 'dot') }),
          ),
        ],
      },
    ],
    {
      x: { type: 'log', domain: [...x.domain], label: xLabel, ticks: x.ticks, tickFormat: x.label },
      y: { type: 'log', domain: [...y.domain], label: yLabel, ticks: y.ticks, tickFormat: y.label },
      columns: 1,
      frame,
    },
  )
  // facetGrid puts an empty head of 4 pixels and a margin of 2 above the frame
  const inner: Box = { x: axisMargin.left, y: 6, ...frame }
  const pixel = ([px, py]: readonly [number, number]) => ({
    x: inner.x + inner.width * share(px, x.domain),
    y: inner.y + inner.height * (1 - share(py, y.domain)),
  })
  const taken = [
    ...series.flatMap((s) => pathBoxes(s.points.map(pixel), s.joined)),
    ...references.flatMap((r) => pathBoxes([r.from, r.to].map(pixel), true)),
    ...rules
      .map((rule) => pixel([x.domain[0], rule.y]))
      .map(({ y }) => ({ x: inner.x, y: y - 2, width: inner.width, height: 4 })),
  ]
  const wanted = series.map(({ endLabel = '', points }) => {
    const last = points.at(-1)
    return last === undefined ? null : { text: endLabel, ...pixel(last) }
  })
  const placed = placeLabels(wanted, inner, taken)
  const writing = placed
    .map((label, i) => {
      const end = wanted[i]
      if (label === null || end === null) return ''
      return inSeries(i, leader(label, end, series[i].style) + halo(label.x, label.y + 11, label.text))
    })
    .join('')
  const entries: LegendEntry[] = [
    ...series.map((s, i) => ({
      // what found no free place beside its line is said here
      label: s.endLabel !== undefined && placed[i] === null ? `${s.label} (${s.endLabel})` : s.label,
      style: s.style,
      kind: s.joined ? ('line' as const) : ('open' as const),
      series: i,
    })),
    ...rules.map((rule, i) => ({
      label: rule.label,
      style: rule.style ?? RULE,
      kind: 'plain' as const,
      series: series.length + i,
    })),
    ...(references.length > 0 ? [{ label: referenceLabel, style: REFERENCE, kind: 'plain' as const }] : []),
  ]
  return stack([legend(entries), { ...panel, svg: panel.svg + writing }], 6)
}

// the x that the axis must reach beyond a line's last point, for the label there
function roomForLabels(
  series: readonly (LogLine & { points: readonly (readonly [number, number])[] })[],
): number[] {
  const xs = series.flatMap((s) => s.points.map((p) => p[0]))
  const room = (Math.max(...xs) / Math.min(...xs)) ** LABEL_ROOM
  return series.flatMap(({ endLabel, points }) => {
    const first = points[0]
    const last = points.at(-1)
    if (endLabel === undefined || first === undefined || last === undefined) return []
    return [last[0] < first[0] ? last[0] / room : last[0] * room]
  })
}

function stroke(style: SeriesStyle, width: number): Plot.LineOptions {
  return { stroke: style.colour, strokeDasharray: style.dash, strokeWidth: width }
}

function share(value: number, [low, high]: readonly [number, number]): number {
  return Math.log(value / low) / Math.log(high / low)
}

interface Pixel {
  readonly x: number
  readonly y: number
}

// small boxes along a path, so that labels keep off it
function pathBoxes(points: readonly Pixel[], joined: boolean): Box[] {
  const boxes: Box[] = points.map(({ x, y }) => ({ x: x - 6, y: y - 6, width: 12, height: 12 }))
  if (!joined) return boxes
  points.slice(1).forEach((to, i) => {
    const from = points[i] as Pixel
    const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 6)
    for (let k = 1; k < steps; k++) {
      const x = from.x + ((to.x - from.x) * k) / steps
      const y = from.y + ((to.y - from.y) * k) / steps
      boxes.push({ x: x - 2, y: y - 2, width: 4, height: 4 })
    }
  })
  return boxes
}

// from the end of a line to its label, so that it is nobody else's
function leader(label: Box, end: Pixel, { colour }: SeriesStyle): string {
  const near = (at: number, from: number, size: number) => Math.min(Math.max(at, from), from + size)
  const [x, y] = [near(end.x, label.x, label.width), near(end.y, label.y, label.height)]
  return `<line x1="${round(end.x)}" y1="${round(end.y)}" x2="${round(x)}" y2="${round(y)}" stroke="${colour}" stroke-width="1.25"/>`
}

// white outline behind the text, so that grid lines do not cross it
function halo(x: number, y: number, text: string): string {
  const outline = `<text x="${round(x)}" y="${round(y)}" text-anchor="start" stroke="${paper}" stroke-width="4" stroke-linejoin="round">`
  return `${outline}${escapeXml(text)}</text>${svgText(x, y, text)}`
}

/**
 * Least-squares slope of log y against log x, over pairs where both are positive; null for fewer than two
 * different x.
 */
export function logLogSlope(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  let n = 0
  let sumX = 0
  let sumY = 0
  for (let i = 0; i < x.length; i++) {
    if (!drawable(x[i] as number) || !drawable(y[i] as number)) continue
    n++
    sumX += Math.log(x[i] as number)
    sumY += Math.log(y[i] as number)
  }
  let square = 0
  let product = 0
  for (let i = 0; i < x.length; i++) {
    if (!drawable(x[i] as number) || !drawable(y[i] as number)) continue
    const fromMean = Math.log(x[i] as number) - sumX / n
    square += fromMean ** 2
    product += fromMean * (Math.log(y[i] as number) - sumY / n)
  }
  return square > 1e-12 ? product / square : null
}

/** Whether a logarithmic axis can show the value. */
export function drawable(value: number): boolean {
  return value > 0 && value < Infinity
}

/** The pairs that logarithmic axes can show. */
export function pairs(line: { x: ArrayLike<number>; y: ArrayLike<number> }): (readonly [number, number])[] {
  const points: (readonly [number, number])[] = []
  for (let i = 0; i < line.x.length; i++) {
    const x = line.x[i] as number
    const y = line.y[i] as number
    if (drawable(x) && drawable(y)) points.push([x, y])
  }
  return points
}
