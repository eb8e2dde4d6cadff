import { linearTicks } from '../../src/figures/ticks.ts'
import { boxAttributes, type Drawn } from './plane.ts'
import { svg, text, turned } from './svg.ts'
import { numberText } from './ticks.ts'

const DECADES = 6

/** Right of the plane, at T: |f̂ − f| on a logarithmic axis. */
export function errorPanel({ layout, coordinates, state, result }: Drawn): SVGElement {
  const { error } = layout
  const group = svg('g', {})
  const bottom = error.top + error.height
  const highest = result ? Math.max(0, Math.ceil(Math.log10(Math.max(...result.errors, 1e-12)))) : 1
  const left = (value: number) =>
    error.left + error.width * Math.max(0, (Math.log10(Math.max(value, 1e-30)) - highest + DECADES) / DECADES)
  if (result) {
    const count = result.errors.length
    let path = `M${error.left},${bottom}`
    result.errors.forEach((value, i) => {
      const y = -coordinates.height + (2 * coordinates.height * i) / (count - 1)
      path += `L${left(value).toFixed(1)},${layout.toTop(y).toFixed(1)}`
    })
    group.append(svg('path', { d: `${path}L${error.left},${error.top}Z`, class: 'amount' }))
    // the first would meet the last time
    for (let k = highest - DECADES + 2; k <= highest; k += error.width < 80 ? 3 : 2)
      group.append(
        svg('path', { d: `M${left(10 ** k).toFixed(1)},${bottom}v5`, class: 'tick' }),
        text(left(10 ** k), bottom + 17, numberText(10 ** k).replace('1.0e', '1e'), {
          'text-anchor': 'middle',
        }),
      )
  }
  const [low, high] = [-1, 1].map((side) => coordinates.toX(state.time, side * coordinates.height))
  for (const [tick, label] of linearTicks(low, high, 4)) {
    const top = layout.toTop(coordinates.toY(state.time, tick))
    group.append(
      svg('path', { d: `M${error.left + error.width},${top.toFixed(1)}h4`, class: 'tick' }),
      text(error.left + error.width + 7, top + 4, label),
    )
  }
  const title = error.width < 80 ? '|f̂ − f|' : '|f̂ − f| at T'
  return svg(
    'g',
    {},
    group,
    svg('rect', { ...boxAttributes(error), class: 'frame' }),
    text(error.left, error.top - 8, title, { class: 'label' }),
    turned(layout.width - 11, error.top + error.height / 2, `place x at t = ${numberText(state.time)}`, 90),
  )
}
