import { parseHTML } from 'linkedom/worker'
import { type Box, textWidth } from '../../src/figures/text.ts'

export interface TextBox extends Box {
  readonly text: string
  readonly size: number
}

/** Where every text of a figure stands: translations of its groups added up, widths by the figures' own estimate. */
export function textBoxes(svg: string): TextBox[] {
  const { document } = parseHTML(`<html><body>${svg}</body></html>`)
  const boxes: TextBox[] = []
  for (const element of Array.from(document.querySelectorAll('text'))) {
    const text = element.textContent ?? ''
    if (text === '' || element.getAttribute('stroke') !== null) continue // white outlines carry the same text again
    let x = Number(element.getAttribute('x') ?? 0)
    let y = 0
    let turned = false
    for (let node: Element | null = element; node !== null; node = node.parentElement) {
      const move = /translate\(([-\d.]+),([-\d.]+)\)/.exec(node.getAttribute('transform') ?? '')
      if (move) [x, y] = [x + Number(move[1]), y + Number(move[2])]
      turned ||= /rotate\(-90\)/.test(node.getAttribute('transform') ?? '')
    }
    const size = Number(inherited(element, 'font-size'))
    const weight = inherited(element, 'font-weight') === '700' ? 'bold' : 'normal'
    const anchor = inherited(element, 'text-anchor')
    const width = textWidth(text, size, weight)
    const shift = anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0
    const offset = element.getAttribute('y') ?? '0'
    const down = offset.endsWith('em') ? Number.parseFloat(offset) * size : Number(offset)
    // cap height above the baseline, a quarter below
    boxes.push(
      turned
        ? { text, size, x: x + down - 0.75 * size, y: y - width + shift, width: size, height: width }
        : { text, size, x: x - shift, y: y + down - 0.75 * size, width, height: size },
    )
  }
  return boxes
}

function inherited(element: Element, name: string): string {
  for (let node: Element | null = element; node !== null; node = node.parentElement) {
    const value = node.getAttribute(name)
    if (value !== null) return value
  }
  return ''
}
