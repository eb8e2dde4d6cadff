import { linearTicks } from '../../src/figures/ticks.ts'
import { css } from './colours.ts'
import { boxAttributes, type Drawn } from './plane.ts'
import { pathOf, svg, text, turned } from './svg.ts'

const POINTS = 160

/** Where x at t = 0 and a density are in the panel, and the largest density in it. */
export function lawAxes({ layout: { law, toTop }, data, coordinates, result }: Drawn) {
  const [low, high] = [-1, 1].map((side) => coordinates.toX(0, side * coordinates.height))
  const truth = places(low, high).map(data.density)
  const most = 1.08 * Math.max(...truth, ...(result?.histogram ?? []))
  return {
    ...{ low, high, most },
    top: (x: number) => toTop(coordinates.toY(0, x)),
    left: (density: number) => law.left + law.width * (1 - density / most),
  }
}

function places(low: number, high: number): Float64Array {
  return Float64Array.from({ length: POINTS + 1 }, (_, i) => low + ((high - low) * i) / POINTS)
}

/** Left of the plane, at t = 0: the law of f̂(T, X_T) as bars in the colours of the plane, p_data as a line. */
export function lawPanel(drawn: Drawn): SVGElement {
  const { layout, data, colours, result } = drawn
  const { law } = layout
  const { low, high, top, left, most } = lawAxes(drawn)
  const x = places(low, high)
  const truth = x.map(data.density)
  const right = law.left + law.width
  const group = svg('g', {})
  if (result) {
    const [from, to] = result.range
    const width = (to - from) / result.histogram.length
    result.histogram.forEach((density, k) => {
      const place = from + k * width
      if (density / most < 0.002 || place < low || place + width > high) return
      group.append(
        svg('rect', {
          x: left(density),
          y: top(place + width),
          width: right - left(density),
          height: top(place) - top(place + width) + 0.3,
          fill: css(colours(place + width / 2)),
        }),
      )
    })
  }
  group.append(svg('path', { d: pathOf(truth.map(left), x.map(top)), class: 'truth' }))
  for (const [tick, label] of linearTicks(low, high, 4))
    group.append(
      svg('path', { d: `M${law.left},${top(tick).toFixed(1)}h-4`, class: 'tick' }),
      text(law.left - 7, top(tick) + 4, label, { 'text-anchor': 'end' }),
    )
  const title = law.width < 80 ? 'law' : 'law of f̂(T, X)'
  return svg(
    'g',
    {},
    group,
    svg('rect', { ...boxAttributes(law), class: 'frame' }),
    text(law.left, law.top - 8, title, { class: 'label' }),
    turned(11, law.top + law.height / 2, 'place x at t = 0', -90),
  )
}
