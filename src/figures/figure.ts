import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom/worker'
import { ComputationError } from '../errors.ts'
import { figureWidth, fontFamily, fontSize, ink, paper, titleSize } from './style.ts'
import { escapeXml, legalXml, round, svgText, wrapText } from './text.ts'

/** What a series of a figure is called, for pages that let readers point at it or switch it off. */
export interface SeriesName {
  readonly label: string
  /** The methods it shows; it goes when all of them are switched off. Default: the label */
  readonly methods?: readonly string[]
}

/** A finished figure: one self-contained SVG and what to say about it. */
export interface Figure {
  /** File name without ending; also the prefix of every id in the SVG, so keep it unique on a page. */
  readonly name: string
  readonly title: string
  /** One sentence: what is shown and how to read it. */
  readonly caption: string
  readonly svg: string
}

const MARGIN = 14

/**
 * A whole figure: title on top, then the body, on white, with title and caption for screen readers.
 *
 * @param parts.series what the numbers in `data-of` of its marks mean
 */
export function makeFigure(parts: {
  name: string
  title: string
  caption: string
  body: Block
  series?: readonly SeriesName[]
}): Figure {
  const { name, title, caption, body, series } = parts
  const width = Math.ceil(Math.max(figureWidth, body.width + 2 * MARGIN))
  const lines = wrapText(title, width - 2 * MARGIN, titleSize, 'bold')
  const lineHeight = titleSize * 1.3
  const top = MARGIN + lines.length * lineHeight + 6
  const height = Math.ceil(top + body.height + MARGIN)
  const id = name.replace(/[^\w-]/g, '-')
  const heading = lines
    .map((line, i) =>
      svgText(MARGIN, MARGIN + titleSize * 0.9 + i * lineHeight, line, { size: titleSize, weight: 'bold' }),
    )
    .join('')
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` role="img" aria-labelledby="${id}-title ${id}-caption" color="${ink}" fill="${ink}"`,
    ` font-family="${fontFamily}" font-size="${fontSize}"${series ? seriesAttribute(series) : ''}>`,
    `<title id="${id}-title">${escapeXml(title)}</title><desc id="${id}-caption">${escapeXml(caption)}</desc>`,
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    heading,
    place(body, (width - body.width) / 2, top),
    '</svg>\n',
  ].join('')
  return { name, title, caption, svg: legalXml(ownIds(svg, id)) }
}

function seriesAttribute(series: readonly SeriesName[]): string {
  const names = series.map(({ label, methods }) => ({ label, methods: methods ?? [label] }))
  return ` data-series="${escapeXml(JSON.stringify(names))}"`
}

// Plot numbers its clip paths from a counter that lives as long as the process
function ownIds(svg: string, prefix: string): string {
  const seen = new Map<string, string>()
  return svg.replace(/(?<= id="|="url\(#)plot-[a-z]+-\d+(?="|\))/g, (id) => {
    const own = seen.get(id) ?? `${prefix}-${seen.size + 1}`
    seen.set(id, own)
    return own
  })
}

/**
 * A figure as PNG, drawn with DejaVu Sans from this package's dependencies and no other font: the same bytes on
 * every machine. Runs in Node only.
 *
 * @param scale pixels of the PNG for one of the SVG
 * @throws ComputationError when the renderer cannot be loaded on this platform
 */
export async function figurePng(figure: Figure, scale = 2): Promise<Uint8Array> {
  const { Resvg } = await loadResvg()
  const { createRequire } = await import('node:module')
  const require = createRequire(import.meta.url)
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
    require.resolve(`dejavu-fonts-ttf/ttf/${file}`),
  )
  const image = new Resvg(figure.svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
  })
  return image.render().asPng()
}

async function loadResvg(): Promise<typeof import('@resvg/resvg-js')> {
  try {
    return await import('@resvg/resvg-js')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ComputationError(
      `PNG files need @resvg/resvg-js, which does not load here (${reason}); use the SVG, or reinstall without --omit=optional.`,
    )
  }
}

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
