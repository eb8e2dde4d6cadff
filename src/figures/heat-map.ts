import { InputError } from '../errors.ts'
import { missingColour, ramp, rampIndex, rampLegend } from './colour-ramp.ts'
import { type Block, type Figure, makeFigure, stack } from './figure.ts'
import { figureWidth, fontSize } from './style.ts'
import { round, svgText, textWidth, wrapText } from './text.ts'

export interface HeatMap {
  readonly name: string
  readonly title: string
  /** One sentence: what is shown and how to read it. */
  readonly caption: string
  readonly columns: readonly string[]
  /** The value of every column with what is written on it; a value that is not finite is grey. */
  readonly rows: readonly {
    readonly label: string
    readonly cells: readonly { readonly value: number; readonly text: string }[]
  }[]
  /** What colours mean, their ends, and some values between with their labels. */
  readonly scale: {
    readonly label: string
    readonly low: number
    readonly high: number
    readonly ticks: readonly (readonly [number, string])[]
    /** What grey means, where there is some. */
    readonly missing?: string
  }
}

const LABEL_WIDTH = 150
const CELL = { width: 96, height: 26 } as const
const LINE = 15
// colours from here on are so pale that black is read better on them
const PALE = 128

/** A table of coloured cells with their numbers, for what has two names: rows and columns. */
export function heatMap({ name, title, caption, columns, rows, scale }: HeatMap): Figure {
  if (columns.length === 0 || rows.some(({ cells }) => cells.length !== columns.length))
    throw new InputError(
      'rows',
      rows.map(({ cells }) => cells.length),
      `${columns.length} cells, one a column, in every row`,
    )
  const width = Math.min(CELL.width, Math.floor((figureWidth - 28 - LABEL_WIDTH) / columns.length))
  const heads = columns.map((column) => wrapText(column, width - 6))
  const most = Math.max(...heads.map(({ length }) => length))
  const top = most * LINE + 4
  let svg = heads
    .flatMap((lines, j) =>
      lines.map((line, i) =>
        svgText(LABEL_WIDTH + (j + 0.5) * width, fontSize + (most - lines.length + i) * LINE, line, {
          anchor: 'middle',
        }),
      ),
    )
    .join('')
  rows.forEach(({ label, cells }, i) => {
    const y = top + i * CELL.height
    const baseline = y + CELL.height / 2 + 4
    const [shown] = wrapText(label, LABEL_WIDTH - 12)
    svg += svgText(LABEL_WIDTH - 10 - textWidth(shown), baseline, shown)
    cells.forEach(({ value, text }, j) => {
      const x = LABEL_WIDTH + j * width
      const index = Number.isFinite(value) ? rampIndex(value, scale.low, scale.high) : null
      const colour = index === null ? missingColour : ramp[index]
      svg += `<rect x="${round(x)}" y="${round(y)}" width="${width - 1}" height="${CELL.height - 1}" fill="${colour}"/>`
      svg += svgText(x + width / 2, baseline, text, {
        anchor: 'middle',
        fill: index !== null && index < PALE ? '#fefefe' : '#010101',
      })
    })
  })
  const body: Block = {
    svg,
    width: LABEL_WIDTH + columns.length * width,
    height: top + rows.length * CELL.height,
  }
  return makeFigure({ name, title, caption, body: stack([body, rampLegend(scale)], 14) })
}
