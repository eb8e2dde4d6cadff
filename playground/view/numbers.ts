import type { Data } from '../compute/data.ts'
import type { Result } from '../compute/measure.ts'
import type { MethodName, State } from '../state/state.ts'
import { numberText } from './ticks.ts'

const explanations: Readonly<Record<MethodName, string>> = {
  exact: 'The true map. f is constant along the trajectories, so that colour follows the lines.',
  'cd-euler':
    'Consistency distillation with Euler steps: its fixed point is N steps composed. The error falls as 1/N.',
  'cd-heun':
    'Consistency distillation with Heun steps: its fixed point is N steps composed. The error falls as 1/N².',
  ct: 'Consistency training with the squared norm: its pairs share data and noise, not a trajectory. The fixed point takes conditional means, which diffuse f: the layer between the modes is smeared, less so for larger N.',
  'ct-l1':
    'Consistency training with the norm, not squared: the fixed point takes conditional medians. The boundary between the modes is in the wrong place, and no larger N brings it back.',
}

const ofEveryProcess =
  ' Times are even in θ = arctan(σ/(αc)) and steps are taken in θ and y, as the losses of this package do: in them all these processes are one problem, and f̂ at the same σ/α is the same for each. A trainer with times even in its own t, or with steps in x, has other fixed points, which are not shown.'

/** The numbers of a result, in words. */
export function showNumbers(root: ParentNode, state: State, data: Data, result: Result): void {
  const set = (name: string, value: string) => {
    const element = root.querySelector(`[data-number="${name}"]`)
    if (element) element.textContent = value
  }
  const { truth, estimate } = result.masses
  const small = (value: number) => (value < 1e-9 ? '0' : numberText(value))
  set('error', small(result.relativeError))
  set('certificate', small(result.certificate))
  set('truth', truth.map((mass) => mass.toFixed(3)).join(' · '))
  set('estimate', estimate.map((mass) => mass.toFixed(3)).join(' · '))
  const everywhere = state.method === 'exact' || state.process.kind === 've' ? '' : ofEveryProcess
  set('explanation', `${explanations[state.method]}${everywhere}`)
  set(
    'landings',
    state.launches
      .map(({ time, x }, i) => {
        const landing = result.landings[i]
        const said = state.method === 'exact' || landing === undefined ? '' : `, f̂ says ${landing.toFixed(3)}`
        return `x = ${numberText(x)} at t = ${numberText(time)} comes from ${data.flow(time, x).toFixed(3)}${said}`
      })
      .join('; '),
  )
}
