import { element } from './element.ts'
import type { DataPoint } from './panels.ts'

const GAP = 14

/** The values of one place beside it, with a ring around it. */
export class Tip {
  readonly #box = element('div', { class: 'tip', hidden: '' })
  // says what the keyboard reaches; the pointer would talk without end
  readonly #spoken = element('div', { class: 'spoken', 'aria-live': 'polite' })
  #ring: SVGElement | null = null
  #aloud = false

  constructor() {
    document.body.append(this.#box, this.#spoken)
    addEventListener('scroll', () => this.#follow(), { capture: true, passive: true })
  }

  show(place: DataPoint, aloud: boolean): void {
    const text = place.text()
    const [first, ...rest] = text
    this.#box.replaceChildren(element('strong', {}, first), ...rest.map((line) => element('span', {}, line)))
    this.#box.hidden = false
    this.#ring ??= document.createElementNS(place.panel.namespaceURI, 'circle') as SVGElement
    for (const [name, value] of Object.entries({ class: 'ring', r: 7, cx: place.x, cy: place.y }))
      this.#ring.setAttribute(name, String(value))
    place.panel.append(this.#ring)
    this.#aloud = aloud
    if (aloud) {
      this.#spoken.textContent = text.join(', ')
      this.#ring.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    }
    this.#follow()
  }

  #follow(): void {
    if (!this.#ring || this.#box.hidden) return
    const { left, right, top, bottom } = this.#ring.getBoundingClientRect()
    const { width, height } = this.#box.getBoundingClientRect()
    const x = right + GAP + width > innerWidth ? Math.max(4, left - GAP - width) : right + GAP
    const y = top - GAP - height < 4 ? bottom + GAP : top - GAP - height
    this.#box.style.left = `${Math.min(x, Math.max(4, innerWidth - width - 4))}px`
    this.#box.style.top = `${y}px`
  }

  /** What the pointer showed; what the keyboard reached stays when the page moves under a pointer at rest. */
  pointerLeft(): void {
    if (!this.#aloud) this.hide()
  }

  hide(): void {
    this.#box.hidden = true
    this.#ring?.remove()
  }
}
