import { InputError } from '../../src/errors.ts'
import {
  defaultFormulas,
  type ProcessChoice,
  type ProcessKind,
  processes,
  processKinds,
  processOf,
} from '../state/process.ts'
import { group } from './inputs.ts'

const formulas = [
  { key: 'alpha', label: 'α(t) =', means: 'factor of the data' },
  { key: 'sigma', label: 'σ(t) =', means: 'deviation of the noise' },
] as const

/** The choice of the process, with two fields for the formulas of an interpolant. `onChange` is told of processes only. */
export function createProcessChoice(onChange: (choice: ProcessChoice) => void) {
  const select = document.createElement('select')
  select.id = 'process'
  select.setAttribute('aria-label', 'process')
  select.append(...processKinds.map((kind) => new Option(processes[kind].name, kind)))
  const law = document.createElement('p')
  law.className = 'law'
  const problem = document.createElement('p')
  problem.className = 'problem'
  problem.id = 'formula-problem'
  problem.role = 'alert'
  const inputs = formulas.map(({ key, label, means }) => {
    const input = document.createElement('input')
    Object.assign(input, { type: 'text', id: key, spellcheck: false })
    input.setAttribute('aria-label', `${label.slice(0, 4)}, ${means}`)
    input.setAttribute('aria-describedby', problem.id)
    input.addEventListener('change', readFormulas)
    return input
  })
  const fields = document.createElement('div')
  fields.className = 'formulas'
  fields.append(
    ...formulas.map(({ label }, k) => {
      const element = document.createElement('label')
      element.append(label, inputs[k])
      return element
    }),
    problem,
  )

  function say(message: string): void {
    problem.textContent = message
    for (const input of inputs) input.setAttribute('aria-invalid', String(message !== ''))
  }

  function readFormulas(): void {
    const [alpha, sigma] = inputs.map(({ value }) => value)
    const choice: ProcessChoice = { kind: 'interpolant', alpha, sigma }
    try {
      processOf(choice)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      say(`${error.message} The picture is that of the formulas before.`)
      return
    }
    onChange(choice)
  }

  select.addEventListener('change', () => {
    const kind = select.value as ProcessKind
    onChange(kind === 'interpolant' ? { kind, ...defaultFormulas } : { kind })
  })
  let shown: ProcessChoice | null = null
  return {
    element: group('process', select, law, fields),
    show(choice: ProcessChoice) {
      // formulas that are being written stay while other parts of the state change
      if (choice === shown) return
      shown = choice
      select.value = choice.kind
      law.textContent = processes[choice.kind].law
      fields.hidden = choice.kind !== 'interpolant'
      say('')
      if (choice.kind === 'interpolant')
        formulas.forEach(({ key }, k) => {
          inputs[k].value = choice[key]
        })
    },
  }
}
