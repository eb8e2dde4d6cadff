import { certificateStrip } from './certificate-strip.ts'
import { errorPanel } from './error-panel.ts'
import { lawPanel } from './law-panel.ts'
import { type Drawn, planeGroup } from './plane.ts'

/** Draws everything anew. */
export function drawFigure(figure: SVGSVGElement, drawn: Drawn): void {
  const { width, height } = drawn.layout
  figure.setAttribute('viewBox', `0 0 ${width} ${height}`)
  figure.setAttribute('width', String(width))
  figure.setAttribute('height', String(height))
  figure.replaceChildren(planeGroup(drawn), lawPanel(drawn), errorPanel(drawn), certificateStrip(drawn))
}
