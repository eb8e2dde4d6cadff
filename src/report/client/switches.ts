import type { CompareResults } from '../results.ts'
import { element, embedded } from './element.ts'

/** Switches for the methods of a comparison: one that is off is in no table, no sentence and no figure. */
export function startSwitches(tools: HTMLElement): void {
  const rows = embedded<Partial<CompareResults> | null>('results')?.methods
  if (!rows || !document.querySelector('tr[data-methods]')) return
  const names = [...new Set(rows.map(({ method }) => method))]
  const off = new Set<string>()
  const summary = element('summary')
  const boxes = names.map((name) => {
    const box = element('input', { type: 'checkbox' })
    box.addEventListener('change', () => {
      if (box.checked) off.delete(name)
      else off.add(name)
      show()
    })
    return box
  })
  const setAll = (text: string, on: boolean) => {
    const button = element('button', { type: 'button' }, text)
    button.addEventListener('click', () => {
      off.clear()
      if (!on) for (const name of names) off.add(name)
      show()
    })
    return button
  }
  const show = () => {
    for (const [i, name] of names.entries()) boxes[i].checked = !off.has(name)
    summary.textContent = `Methods: ${off.size === 0 ? `all ${names.length}` : `${names.length - off.size} of ${names.length}`} shown`
    apply(off)
  }
  tools.append(
    element(
      'details',
      { class: 'switches' },
      summary,
      element(
        'fieldset',
        {},
        element('legend', {}, 'Methods in the table, the text and the figures'),
        ...names.map((name, i) => element('label', {}, boxes[i], name)),
        element('span', { class: 'all' }, setAll('All', true), setAll('None', false)),
      ),
    ),
  )
  show()
}

function apply(off: ReadonlySet<string>): void {
  const gone = (methods: readonly string[]) =>
    methods.length > 0 && methods.every((method) => off.has(method))
  for (const part of Array.from(document.querySelectorAll<HTMLElement>('[data-methods]')))
    part.hidden = gone(JSON.parse(part.dataset.methods ?? '[]'))
  for (const figure of Array.from(document.querySelectorAll<SVGElement>('svg[data-series]'))) {
    const series: { methods: string[] }[] = JSON.parse(figure.dataset.series ?? '[]')
    for (const mark of Array.from(figure.querySelectorAll<SVGElement>('[data-of]')))
      mark.classList.toggle('off', gone(series[Number(mark.dataset.of)]?.methods ?? []))
  }
}
