type Attributes = Readonly<Record<string, string | number>>

/** An SVG element. */
export function svg(
  name: string,
  attributes: Attributes,
  ...children: readonly (Node | string)[]
): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, typeof value === 'number' ? String(Number(value.toFixed(2))) : value)
  element.append(...children)
  return element
}

/** A path through points; a NaN breaks it. */
export function pathOf(x: ArrayLike<number>, y: ArrayLike<number>): string {
  let path = ''
  let pen = 'M'
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(y[i])) {
      pen = 'M'
      continue
    }
    path += `${pen}${x[i].toFixed(1)},${y[i].toFixed(1)}`
    pen = 'L'
  }
  return path
}

/** Text that reads upwards or, with `turn` 90, downwards. */
export function turned(x: number, y: number, content: string, turn: 90 | -90): SVGElement {
  return text(x, y, content, {
    ...{ transform: `rotate(${turn} ${x} ${y})`, 'text-anchor': 'middle', class: 'label' },
  })
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): SVGElement {
  return svg('text', { x, y, ...attributes }, content)
}
