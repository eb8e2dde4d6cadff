import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom/worker'
import { fontSize } from './style.ts'
import { round } from './text.ts'

/** A drawn rectangle of known size: SVG elements whose coordinates start at its own upper left corner. */
export interface Block {
  readonly svg: string
  readonly width: number
  readonly height: number
}

/** Blocks below each other, left edges aligned. */
export function stack(blocks: readonly Block[], gap = 12): Block {
  let y = 0
  let svg = ''
  for (const block of blocks) {
    svg += place(block, 0, y)
    y += block.height + gap
  }
  return { svg, width: Math.max(0, ...blocks.map((b) => b.width)), height: Math.max(0, y - gap) }
}

/** Blocks beside each other, upper edges aligned. */
export function beside(blocks: readonly Block[], gap = 16): Block {
  let x = 0
  let svg = ''
  for (const block of blocks) {
    svg += place(block, x, 0)
    x += block.width + gap
  }
  return { svg, width: Math.max(0, x - gap), height: Math.max(0, ...blocks.map((b) => b.height)) }
}

/** The block moved by (x, y). */
export function place(block: Block, x: number, y: number): string {
  return block.svg === '' ? '' : `<g transform="translate(${round(x)},${round(y)})">${block.svg}</g>`
}

/** Draws with Observable Plot into a block: no browser, no global document, no style sheet. */
export function drawPlot(options: Plot.PlotOptions & { width: number; height: number }): Block {
  const { document } = parseHTML('<html><body></body></html>')
  const svg = Plot.plot({ ...options, document })
  for (const style of Array.from(svg.querySelectorAll('style'))) style.remove()
  return {
    svg: `<g font-size="${fontSize}" text-anchor="middle">${shortNumbers(svg.innerHTML)}</g>`,
    width: options.width,
    height: options.height,
  }
}

// linkedom escapes "<" in text, so every "<…>" is a tag; figures of dots are mostly tags
function shortNumbers(svg: string): string {
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag.replace(/ \/>$/, '/>').replace(/-?\d+\.\d{3,}(?:e-\d+)?/g, (number) => String(round(Number(number)))),
  )
}
