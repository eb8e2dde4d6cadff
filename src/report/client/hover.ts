import { element } from './element.ts'
import { type DataPoint, readPanels } from './panels.ts'
import { pointerAtRest } from './pointer-at-rest.ts'
import { Tip } from './tip.ts'

/** Pixels from a value within which the pointer means it */
const REACH = 24

/** Values of the figures under the pointer, and by the arrow keys where a figure has the focus. */
export function startHover(): void {
  const figures = document.querySelectorAll<SVGSVGElement>('.card > svg')
  if (figures.length === 0) return
  const tip = new Tip()
  const hint = element('p', { id: 'keys', class: 'spoken' })
  hint.textContent = 'Left and right arrow keys step through the values, up and down through the series.'
  document.body.append(hint)
  // before a figure shows what was pointed at in it
  document.addEventListener('pointerdown', () => tip.hide(), { capture: true })
  for (const figure of Array.from(figures)) addHover(figure, tip)
}

function addHover(figure: SVGSVGElement, tip: Tip): void {
  const card = figure.parentElement
  if (!card) return
  takeTitles(figure)
  const panels = readPanels(figure)
  if (!figure.querySelector('[data-values], [data-text]')) return
  card.setAttribute('aria-describedby', 'keys')

  const point = (event: PointerEvent) => {
    const places = panels
      .filter((panel) => panel.isNear(event, REACH))
      .flatMap((panel) => panel.places().flat())
    const place = own(event.target, places) ?? nearest(places, event)
    if (place) tip.show(place, false)
    else tip.pointerLeft()
  }
  card.addEventListener('pointermove', (event) => {
    if (!pointerAtRest(event)) point(event)
  })
  card.addEventListener('pointerdown', point)
  card.addEventListener('pointerleave', ({ pointerType }) => {
    // a finger leaves when it lifts; what it pointed at stays until the next touch
    if (pointerType !== 'touch') tip.pointerLeft()
  })

  let [series, index] = [0, -1]
  card.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return tip.hide()
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }
    const step = steps[event.key as keyof typeof steps]
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const now = panels.flatMap((panel) => panel.places())
    if (now.length === 0) return
    // the first key of any kind shows the first value
    if (index < 0) index = 0
    else {
      series = clamp(series + step[0], now.length)
      index += step[1]
    }
    series = clamp(series, now.length)
    index = clamp(index, now[series].length)
    tip.show(now[series][index], true)
  })
  card.addEventListener('blur', () => {
    index = -1
    tip.hide()
  })
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index))
}

// titles would show a second box of the browser's own
function takeTitles(figure: SVGSVGElement): void {
  const title = figure.querySelector(':scope > title')
  const description = figure.querySelector(':scope > desc')
  if (title && description) {
    figure.setAttribute('aria-label', title.textContent ?? '')
    figure.setAttribute('aria-describedby', description.id)
    figure.removeAttribute('aria-labelledby')
    title.remove()
  }
  for (const one of Array.from(figure.querySelectorAll('title'))) {
    if (one.parentElement) one.parentElement.dataset.text = one.textContent ?? ''
    one.remove()
  }
}

function own(target: EventTarget | null, places: readonly DataPoint[]): DataPoint | undefined {
  if (!(target instanceof SVGElement) || target.dataset.text === undefined) return undefined
  return places.find(({ mark }) => mark === target)
}

function nearest(places: readonly DataPoint[], { clientX, clientY }: PointerEvent): DataPoint | null {
  let best: DataPoint | null = null
  let least = REACH
  let [panel, matrix]: [SVGGElement | null, DOMMatrix | null] = [null, null]
  for (const place of places) {
    if (place.panel !== panel) [panel, matrix] = [place.panel, place.panel.getScreenCTM()]
    if (!matrix || place.mark.dataset.text !== undefined) continue
    const distance = Math.hypot(
      matrix.a * place.x + matrix.e - clientX,
      matrix.d * place.y + matrix.f - clientY,
    )
    if (distance < least) [best, least] = [place, distance]
  }
  return best
}
