import { element } from './element.ts'

/** The bar that stays at the upper edge while the page scrolls. */
export function createTools(): HTMLElement {
  const bar = element('div', { class: 'tools' })
  document.querySelector('header')?.after(bar)
  return bar
}
