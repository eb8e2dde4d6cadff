import { ComputationError } from '../errors.ts'
import type { Figure } from './figure.ts'

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
