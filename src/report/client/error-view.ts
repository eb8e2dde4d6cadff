import type { EmbeddedErrors } from '../error-series.ts'
import { formatNumber, oneLine } from '../format.ts'
import { unpackErrors } from '../packed-errors.ts'
import { element, embedded } from './element.ts'
import { type Cell, createErrorPanel } from './error-panel.ts'
import { colourScale } from './error-scale.ts'

/** The errors over space of every method, with a slider for the time, in the place of the figure of the last time. */
export function startErrorView(): void {
  const data = embedded<EmbeddedErrors>('errors')
  if (!data) return
  const figure = Array.from(document.querySelectorAll<HTMLElement>('figure[data-figure]')).find(
    (one) => one.dataset.figure === data.figure,
  )
  const { nodes, halfWidth, axes, times, methods } = data
  const card = figure?.querySelector<HTMLElement>('.card')
  if (!figure || !card) return
  const last = times.length - 1
  let [at, cell, pointed]: [number, Cell | null, number] = [last, null, 0]

  const slider = element('input', {
    ...{ type: 'range', min: '0', max: String(last), step: '1', value: String(last), id: 'error-time' },
  })
  const timeOutput = element('output', { for: 'error-time' })
  const readout = element('output', { class: 'readout', 'aria-live': 'polite' })
  const panels = methods.map(({ method, errors }, i) =>
    createErrorPanel({
      name: method,
      nodes,
      ramp: data.ramp,
      decades: data.decades,
      maps: errors.map(unpackErrors),
      onCell: (chosen) => {
        cell = chosen
        pointed = i
        show()
      },
      onTime: (step) => setTime(at + step),
    }),
  )

  function setTime(next: number): void {
    at = Math.max(0, Math.min(last, next))
    slider.value = String(at)
    show()
  }

  function show(): void {
    const { time, centre, scale } = times[at]
    const text = `t = ${formatNumber(time)}${at === last ? ' = T' : ''}`
    timeOutput.textContent = text
    slider.setAttribute('aria-valuetext', text)
    for (const panel of panels) panel.show(at, cell)
    if (cell === null) {
      readout.textContent =
        'Point at a map, or give it the focus and use the arrow keys, for the errors at one place.'
      return
    }
    const y = [cell.column, cell.row].map((i) => halfWidth * ((2 * i + 1) / nodes - 1))
    const x = y.map((value, i) => centre[i] + scale * value)
    const [yText, xText] = [y, x].map((place) => place.map((value) => formatNumber(value)).join(', '))
    const error = panels[pointed].error(at, cell)
    readout.textContent = `${oneLine(methods[pointed].method)}: ${error} at y = (${yText}), x = (${xText}), ${text}`
  }

  slider.addEventListener('input', () => setTime(Number(slider.value)))
  const side = `−${halfWidth} to ${halfWidth}`
  card.replaceChildren(
    element('div', { class: 'times' }, element('label', { for: 'error-time' }, 'time'), slider, timeOutput),
    colourScale(data),
    element('div', { class: 'maps' }, ...panels.map(({ root }) => root)),
    element(
      'p',
      { class: 'note' },
      `To the right ${oneLine(axes[0])}, upwards ${oneLine(axes[1])}, both from ${side}.`,
    ),
    readout,
  )
  card.classList.add('errors')
  card.removeAttribute('tabindex')
  show()
}
