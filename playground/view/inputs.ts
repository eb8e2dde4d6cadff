/** A slider with its label before and its value behind. */
export function slider(
  id: string,
  label: string,
  [low, high]: readonly [number, number],
  step: number,
  onChange: (value: number) => void,
  owner = '',
) {
  const element = document.createElement('label')
  element.className = 'slider'
  const name = document.createElement('span')
  name.textContent = label
  const input = document.createElement('input')
  Object.assign(input, { type: 'range', id, min: String(low), max: String(high), step: String(step) })
  input.setAttribute('aria-label', `${owner} ${label}`.trim())
  const shown = document.createElement('output')
  element.append(name, input, shown)
  input.addEventListener('input', () => onChange(Number(input.value)))
  return {
    element,
    show(value: number, said: string) {
      input.value = String(value)
      input.setAttribute('aria-valuetext', said)
      shown.textContent = said
    },
    enable(enabled: boolean) {
      input.disabled = !enabled
    },
    limit([least, most]: readonly [number, number], by: number) {
      Object.assign(input, { min: String(least), max: String(most), step: String(by) })
    },
  }
}

/** Elements with a title around them. */
export function group(title: string, ...children: readonly Node[]): HTMLFieldSetElement {
  const element = document.createElement('fieldset')
  const legend = document.createElement('legend')
  legend.textContent = title
  element.append(legend, ...children)
  return element
}

export function button(text: string, enabled: boolean, onClick: () => void): HTMLButtonElement {
  const element = document.createElement('button')
  element.type = 'button'
  element.textContent = text
  element.disabled = !enabled
  element.addEventListener('click', onClick)
  return element
}
