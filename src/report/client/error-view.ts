import type { EmbeddedErrors } from '../error-series.ts'
import { formatNumber, oneLine } from '../format.ts'
import { cellCentre, unpackErrors } from '../packed-errors.ts'
import { element, embedded } from './element.ts'
import { type Cell, createErrorPanel } from './error-panel.ts'
import { colourScale } from './error-scale.ts'

/** The errors over space and time of every method in the place of a figure: in the plane with a slider for the time. */
export function startErrorView(): void {
  const data = embedded<EmbeddedErrors>('errors')
  if (!data) return
  const figure = Array.from(document.querySelectorAll<HTMLElement>('figure[data-figure]')).find(
    (one) => one.dataset.figure === data.figure,
  )
  const { dimension, nodes, halfWidth, axes, times, methods } = data
  const line = dimension === 1
  const card = figure?.querySelector<HTMLElement>('.card')
  if (!figure || !card) return
  const last = line ? 0 : times.length - 1
  let [at, cell, pointed]: [number, Cell | null, number] = [last, null, 0]

  const slider = element('input', {
    ...{ type: 'range', min: '0', max: String(last), step: '1', value: String(last), id: 'error-time' },
  })
  const timeOutput = element('output', { for: 'error-time' })
  const readout = element('output', { class: 'readout', 'aria-live': 'polite' })
  const ends = (name: string) =>
    [`−${halfWidth}`, oneLine(name).replace(/ = .*/, ''), `${halfWidth}`] as const
  const upwards = line ? (['0', 't', formatNumber(times[times.length - 1].time)] as const) : ends(axes[1])
  const panels = methods.map(({ method, errors }, i) =>
    createErrorPanel({
      name: method,
      columns: nodes,
      rows: line ? times.length : nodes,
      axes: [ends(axes[0]), upwards],
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

  const timeText = (k: number) => `t = ${formatNumber(times[k].time)}${k === times.length - 1 ? ' = T' : ''}`

  function show(): void {
    const text = timeText(at)
    timeOutput.textContent = text
    slider.setAttribute('aria-valuetext', text)
    for (const panel of panels) panel.show(at, cell)
    if (cell === null) {
      readout.textContent =
        'Point at a map, or give it the focus and use the arrow keys, for the errors at one place.'
      return
    }
    const { column, row } = cell
    const k = line ? row : at
    const { centre, scale } = times[k]
    const y = centre.map((_, i) => cellCentre(i === 0 ? column : row, nodes, halfWidth))
    const x = y.map((value, i) => centre[i] + scale * value)
    const [yText, xText] = [y, x].map((place) => {
      const numbers = place.map((value) => formatNumber(value)).join(', ')
      return line ? numbers : `(${numbers})`
    })
    const error = panels[pointed].error(at, cell)
    readout.textContent = `${oneLine(methods[pointed].method)}: ${error} at y = ${yText}, x = ${xText}, ${timeText(k)}`
  }

  slider.addEventListener('input', () => setTime(Number(slider.value)))
  const side = `from −${halfWidth} to ${halfWidth}`
  const sides = line
    ? `To the right ${oneLine(axes[0])} ${side}, upwards ${oneLine(axes[1])} up to t = ${formatNumber(times[times.length - 1].time)}.`
    : `To the right ${oneLine(axes[0])}, upwards ${oneLine(axes[1])}, both ${side}.`
  const chooser = element(
    'div',
    { class: 'times' },
    element('label', { for: 'error-time' }, 'time'),
    slider,
    timeOutput,
  )
  card.replaceChildren(
    ...(line ? [] : [chooser]),
    colourScale(data),
    element('div', { class: 'maps' }, ...panels.map(({ root }) => root)),
    element('p', { class: 'note' }, sides),
    readout,
  )
  card.classList.add('errors')
  card.removeAttribute('tabindex')
  show()
}
