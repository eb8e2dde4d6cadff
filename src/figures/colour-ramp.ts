import * as Plot from '@observablehq/plot'
import type { Block } from './figure.ts'
import { fontSize, frameInk } from './style.ts'
import { round, svgText, textWidth } from './text.ts'

const STEPS = 256
/** Grey for values that are not finite. */
export const missingColour = '#bdbdbd'

/**
 * A sequence of 256 colours from dark to light, even in lightness: it reads the same in grey and with any
 * colour blindness (viridis; its palest end is cut, so that it shows on white).
 */
export const ramp: readonly string[] = makeRamp()

function makeRamp(): string[] {
  const scale = Plot.scale({ color: { type: 'linear', domain: [0, 1], scheme: 'viridis' } })
  return Array.from({ length: STEPS }, (_, i) => hex(String(scale.apply((i / (STEPS - 1)) * 0.97))))
}

function hex(colour: string): string {
  const parts = colour.match(/\d+/g)
  if (colour.startsWith('#') || parts === null) return colour
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`
}

/** Index into `ramp` of a value between low and high; outside it is the first or the last. */
export function rampIndex(value: number, low: number, high: number): number {
  const share = high > low ? (value - low) / (high - low) : 0.5
  return Math.max(0, Math.min(STEPS - 1, Math.floor(share * STEPS)))
}

const BAR = { width: 256, height: 12 }

/** The ramp as a bar with ticks; `ticks` are positions between low and high with their labels. */
export function rampLegend(options: {
  label: string
  low: number
  high: number
  ticks: readonly (readonly [number, string])[]
  missing?: string
  /** Whether the colours are those of thin lines, which a dark page turns around */
  lines?: boolean
}): Block {
  const { label, low, high, ticks, missing, lines = false } = options
  const labelLine = svgText(0, fontSize, label)
  const side = Math.max(8, ...ticks.map(([, text]) => textWidth(text) / 2))
  const top = fontSize + 8
  const bar: string[] = []
  const slice = 4
  for (let x = 0; x < BAR.width; x += slice) {
    const colour = ramp[Math.floor(((x + slice / 2) / BAR.width) * STEPS)]
    bar.push(
      `<rect x="${round(side + x)}" y="${top}" width="${slice}" height="${BAR.height}" fill="${colour}"/>`,
    )
  }
  const marks = ticks.map(([value, text]) => {
    const x = round(side + (high > low ? ((value - low) / (high - low)) * BAR.width : BAR.width / 2))
    const tick = `<path d="M${x},${top}v${BAR.height + 4}" stroke="${frameInk}"/>`
    return tick + svgText(x, top + BAR.height + 5 + fontSize, text, { anchor: 'middle' })
  })
  let width = Math.max(textWidth(label), BAR.width + 2 * side)
  let extra = ''
  if (missing !== undefined) {
    const x = round(BAR.width + 2 * side + 16)
    extra = `<rect x="${x}" y="${top}" width="${BAR.height}" height="${BAR.height}" fill="${missingColour}"/>`
    extra += svgText(x + BAR.height + 6, top + fontSize - 1, missing)
    width = Math.max(width, x + BAR.height + 6 + textWidth(missing))
  }
  const svg = `${labelLine}<g${lines ? ' class="ramp"' : ''} shape-rendering="crispEdges">${bar.join('')}</g>${marks.join('')}${extra}`
  return { svg, width, height: top + BAR.height + fontSize + 9 }
}
