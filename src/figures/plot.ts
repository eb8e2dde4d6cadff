import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom/worker'
import type { Block } from './block.ts'
import { fontSize } from './style.ts'
import { round } from './text.ts'

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
