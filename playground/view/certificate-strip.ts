import { linearTicks } from '../../src/figures/ticks.ts'
import { boxAttributes, type Drawn } from './plane.ts'
import { svg, text } from './svg.ts'

/** Below the plane: the residual by time; its area is the certificate. */
export function certificateStrip({ layout, coordinates, result }: Drawn): SVGElement {
  const { certificate } = layout
  const bottom = certificate.top + certificate.height
  const group = svg('g', {})
  if (result) {
    const most = Math.max(...result.residual, 1e-9)
    const top = (value: number) => bottom - (0.92 * certificate.height * value) / most
    let path = `M${certificate.left},${bottom}`
    result.residual.forEach((value, k) => {
      const [from, to] = [result.steps[k], result.steps[k + 1]].map((t) =>
        layout.toLeft(coordinates.place(t)),
      )
      path += `L${from.toFixed(1)},${top(value).toFixed(1)}L${to.toFixed(1)},${top(value).toFixed(1)}`
    })
    group.append(
      svg('path', { d: `${path}L${certificate.left + certificate.width},${bottom}Z`, class: 'amount' }),
    )
    if (most > 1e-6)
      for (const [tick, label] of linearTicks(0, most, 2))
        group.append(
          svg('path', { d: `M${certificate.left},${top(tick).toFixed(1)}h-4`, class: 'tick' }),
          text(certificate.left - 7, top(tick) + 4, label, { 'text-anchor': 'end' }),
        )
  }
  const title = `residual by time${certificate.width < 140 ? '' : '; its area is the certificate'}`
  return svg(
    'g',
    {},
    group,
    svg('rect', { ...boxAttributes(certificate), class: 'frame' }),
    text(certificate.left, certificate.top - 7, title, { class: 'label' }),
  )
}
