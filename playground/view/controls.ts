import { limits, type MethodName, type Mode, methodNames, methods, type State } from '../state/state.ts'
import { numberText } from './ticks.ts'

type Change = (state: State) => void

/** The controls of the page: made once, set to every new state. */
interface Controls {
  show(state: State): void
}

export function createControls(root: HTMLElement, current: () => State, change: Change): Controls {
  const choice = methodChoice((method) => change({ ...current(), method }))
  const intervals = slider('N', 'steps N (1/Δt)', limits.exponent, 1, (exponent) =>
    change({ ...current(), intervals: 2 ** exponent }),
  )
  const time = slider('T', 'time T', [0, 1], 0.01, (share) => change({ ...current(), time: timeOf(share) }))
  const modes = document.createElement('div')
  modes.className = 'modes'
  root.append(choice.element, group('steps and time', intervals.element, time.element), group('data', modes))
  let rows: ModeRow[] = []

  function makeRows(count: number): void {
    rows = Array.from({ length: count }, (_, k) => modeRow(k, (mode) => change(withMode(current(), k, mode))))
    const more = button('add a mode', count < limits.modes[1], () => {
      const state = current()
      change({
        ...state,
        modes: [...state.modes, { weight: 0.3, mean: state.modes.length === 1 ? 1.4 : 0.4, std: 0.25 }],
      })
    })
    const fewer = button('remove the last mode', count > limits.modes[0], () => {
      const state = current()
      change({ ...state, modes: state.modes.slice(0, -1) })
    })
    const buttons = document.createElement('div')
    buttons.className = 'buttons'
    buttons.append(more, fewer)
    modes.replaceChildren(...rows.map(({ element }) => element), buttons)
  }

  return {
    show(state) {
      choice.show(state.method)
      intervals.show(Math.log2(state.intervals), String(state.intervals))
      intervals.enable(state.method !== 'exact')
      time.show(shareOf(state.time), numberText(state.time))
      if (rows.length !== state.modes.length) makeRows(state.modes.length)
      const total = state.modes.reduce((sum, { weight }) => sum + weight, 0)
      rows.forEach((row, k) => {
        row.show(state.modes[k], total)
      })
    },
  }
}

// the slider of T is logarithmic
const [FIRST, LAST] = limits.time.map(Math.log)
const timeOf = (share: number) => Number(Math.exp(FIRST + share * (LAST - FIRST)).toPrecision(2))
const shareOf = (time: number) => (Math.log(time) - FIRST) / (LAST - FIRST)

function withMode(state: State, k: number, mode: Partial<Mode>): State {
  return { ...state, modes: state.modes.map((one, i) => (i === k ? { ...one, ...mode } : one)) }
}

function methodChoice(onChange: (method: MethodName) => void) {
  const element = group('what a loss converges to')
  element.classList.add('methods')
  const inputs = methodNames.map((name) => {
    const input = document.createElement('input')
    input.type = 'radio'
    input.name = 'method'
    input.value = name
    input.addEventListener('change', () => onChange(name))
    const label = document.createElement('label')
    label.append(input, ` ${methods[name]}`)
    element.append(label)
    return input
  })
  return {
    element,
    show(method: MethodName) {
      for (const input of inputs) input.checked = input.value === method
    },
  }
}

interface ModeRow {
  readonly element: HTMLElement
  show(mode: Mode, total: number): void
}

function modeRow(k: number, onChange: (mode: Partial<Mode>) => void): ModeRow {
  const name = `mode ${k + 1}`
  const weight = slider(
    `weight${k}`,
    'weight',
    limits.weight,
    0.05,
    (value) => onChange({ weight: value }),
    name,
  )
  const mean = slider(`mean${k}`, 'mean', limits.mean, 0.05, (value) => onChange({ mean: value }), name)
  const std = slider(`std${k}`, 'std', limits.std, 0.05, (value) => onChange({ std: value }), name)
  const element = group(name, weight.element, mean.element, std.element)
  return {
    element,
    show(mode, total) {
      weight.show(mode.weight, (mode.weight / total).toFixed(2))
      mean.show(mode.mean, mode.mean.toFixed(2))
      std.show(mode.std, mode.std.toFixed(2))
    },
  }
}

function slider(
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
  }
}

function group(title: string, ...children: readonly Node[]): HTMLFieldSetElement {
  const element = document.createElement('fieldset')
  const legend = document.createElement('legend')
  legend.textContent = title
  element.append(legend, ...children)
  return element
}

function button(text: string, enabled: boolean, onClick: () => void): HTMLButtonElement {
  const element = document.createElement('button')
  element.type = 'button'
  element.textContent = text
  element.disabled = !enabled
  element.addEventListener('click', onClick)
  return element
}
