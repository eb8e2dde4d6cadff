import { type ProcessKind, timeLimits } from '../state/process.ts'
import { limits, type MethodName, type Mode, methodNames, methods, type State } from '../state/state.ts'
import { button, group, slider } from './inputs.ts'
import { createProcessChoice } from './process-choice.ts'
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
  const time = slider('T', 'time T', [0, 1], 0.01, (value) => {
    const state = current()
    change({ ...state, time: timeOf(state.process.kind, value) })
  })
  const process = createProcessChoice((chosen) => {
    const { start } = timeLimits(chosen.kind)
    const state = current()
    const time = chosen.kind === state.process.kind ? state.time : start
    change({ ...state, process: chosen, time })
  })
  const modes = document.createElement('div')
  modes.className = 'modes'
  const beside = document.createElement('div')
  beside.className = 'beside'
  beside.append(process.element, group('steps and time', intervals.element, time.element))
  root.append(choice.element, beside, group('data', modes))
  root.addEventListener('submit', (event) => event.preventDefault())
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
      process.show(state.process)
      const { kind } = state.process
      const { range, step } = timeLimits(kind)
      time.limit(step === null ? [0, BEYOND] : range, step ?? 0.01)
      time.show(placeOf(kind, state.time), numberText(state.time))
      if (rows.length !== state.modes.length) makeRows(state.modes.length)
      const total = state.modes.reduce((sum, { weight }) => sum + weight, 0)
      rows.forEach((row, k) => {
        row.show(state.modes[k], total)
      })
    },
  }
}

// the slider of the T of VE is logarithmic from 0 to 1, and ∞ beyond
const BEYOND = 1.01
const [FIRST, LAST] = timeLimits('ve').range.map(Math.log)

function timeOf(kind: ProcessKind, value: number): number {
  if (kind !== 've') return value
  return value > 1 ? Infinity : Number(Math.exp(FIRST + value * (LAST - FIRST)).toPrecision(2))
}

function placeOf(kind: ProcessKind, time: number): number {
  if (kind !== 've') return time
  return time === Infinity ? BEYOND : (Math.log(time) - FIRST) / (LAST - FIRST)
}

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
