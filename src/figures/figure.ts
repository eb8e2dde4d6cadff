import { ComputationError } from '../errors.ts'
import { type Block, place } from './block.ts'
import type { SeriesName } from './legend.ts'
import { figureWidth, fontFamily, fontSize, ink, paper, titleSize } from './style.ts'
import { escapeXml, legalXml, svgText, wrapText } from './text.ts'

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
