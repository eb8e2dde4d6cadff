import type { EmbeddedErrors } from '../error-series.ts'
import { element } from './element.ts'

/** Most labels under the bar */
const LABELS = 7

/** The colours of the errors as a bar with powers of ten under it. */
export function colourScale({ decades: [low, high], ramp }: EmbeddedErrors): HTMLElement {
  const stops = Array.from({ length: 17 }, (_, i) => colourAt(ramp, i / 16))
  const bar = element('div', { class: 'bar' })
  bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`
  const step = Math.ceil((high - low) / LABELS)
  const ticks: HTMLElement[] = []
  for (let exponent = high; exponent >= low; exponent -= step) {
    const tick = element('span', {}, '10', element('sup', {}, String(exponent).replace('-', '−')))
    tick.style.left = `${(100 * (exponent - low)) / (high - low)}%`
    ticks.unshift(tick)
  }
  return element(
    'div',
    { class: 'scale' },
    element('span', {}, 'relative error |f̂ − f| / √(tr Cov)'),
    bar,
    element('div', { class: 'ticks', 'aria-hidden': 'true' }, ...ticks),
  )
}

/** @param share 0 to 1 along the ramp, colours of seven characters one after the other */
export function colourAt(ramp: string, share: number): string {
  const count = ramp.length / 7
  const index = Math.max(0, Math.min(count - 1, Math.floor(share * count)))
  return ramp.slice(7 * index, 7 * index + 7)
}
