import {
  add,
  div,
  mul,
  sqrt,
  square,
  sub,
  type Tensor,
  tidy,
  type Variable,
  zeros,
} from '@tensorflow/tfjs-core'
import { checkNumber } from '../../errors.ts'
import { hasKernel, numbered, own, runKernel } from '../fused.ts'
import { clipOutlier, heldVariable, type OptimiserFactory, restoreState, stateOf } from './optimiser.ts'

export interface AdamOptions {
  /** Decay of the mean gradient, in [0, 1). */
  readonly beta1?: number
  /** Decay of the mean squared gradient, in [0, 1). */
  readonly beta2?: number
  /** Added to the root of the mean square, above 0. */
  readonly epsilon?: number
}

/**
 * Adam (Kingma & Ba 2015).
 *
 * @example const optimiser = adam({ beta2: 0.99 })(variables)
 * @throws InputError for a β outside [0, 1) or an ε that is not positive
 */
export function adam({ beta1 = 0.9, beta2 = 0.99, epsilon = 1e-8 }: AdamOptions = {}): OptimiserFactory {
  checkNumber('beta1', beta1, 0, 1 - 1e-12)
  checkNumber('beta2', beta2, 0, 1 - 1e-12)
  checkNumber('epsilon', epsilon, 0, 1, true)
  return (variables) => {
    const kept = new Map<string, Variable>()
    const moment = (name: string) =>
      variables.map(({ shape }, i) => {
        const made = heldVariable(zeros(shape))
        kept.set(`${i}.${name}`, made)
        return made
      })
    const [means, powers] = [moment('mean'), moment('square')]
    let count = 0
    return {
      name: 'adam',
      step(found, rate) {
        tidy(() => {
          const gradients = clipOutlier(found, powers, 1 - beta2 ** count)
          count++
          const scalars = adamScalars(rate, { beta1, beta2, epsilon }, count)
          adamUpdate(variables, gradients, means, powers, scalars)
        })
      },
      state: () => stateOf('adam', count, kept),
      restore(state) {
        count = restoreState('adam', state, kept)
      },
      dispose() {
        for (const array of kept.values()) array.dispose()
      },
    }
  }
}

/** Scalars of one Adam step; the corrections are 1 − β^k at step k = 1, 2, … */
export interface AdamScalars {
  readonly rate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly correction1: number
  readonly correction2: number
}

/** The corrections 1 − β^k of step k. */
export function adamScalars(
  rate: number,
  options: { readonly beta1: number; readonly beta2: number; readonly epsilon: number },
  k: number,
): AdamScalars {
  const { beta1, beta2, epsilon } = options
  return { rate, beta1, beta2, epsilon, correction1: 1 - beta1 ** k, correction2: 1 - beta2 ** k }
}

/**
 * One Adam step on every variable, in place: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * θ ← θ − rate · (m/(1−β₁^k)) / (√(v/(1−β₂^k)) + ε) (Kingma & Ba 2015, algorithm 1).
 * One kernel where the backend has it.
 */
export function adamUpdate(
  values: readonly Variable[],
  gradients: readonly Tensor[],
  means: readonly Variable[],
  powers: readonly Variable[],
  s: AdamScalars,
): void {
  if (hasKernel('AdamStep')) {
    const variables = [values, means, powers].map((list) => list.map(own))
    runKernel('AdamStep', numbered([...variables[0], ...gradients, ...variables[1], ...variables[2]]), s)
    return
  }
  for (const [i, value] of values.entries()) composedAdamUpdate(value, gradients[i], means[i], powers[i], s)
}

/** `adamUpdate` of one variable from plain operations, for every backend. */
function composedAdamUpdate(
  value: Variable,
  gradient: Tensor,
  mean: Variable,
  power: Variable,
  s: AdamScalars,
): void {
  tidy(() => {
    mean.assign(add(mul(mean, s.beta1), mul(gradient, 1 - s.beta1)))
    power.assign(add(mul(power, s.beta2), mul(square(gradient), 1 - s.beta2)))
    const root = add(sqrt(div(power, s.correction2)), s.epsilon)
    value.assign(sub(value, mul(div(mean, root), s.rate / s.correction1)))
  })
}

/**
 * The part of Adam's step that SOAP takes in a turned basis: v ← β₂v + (1−β₂)g², and rate · (m/(1−β₁^k)) / (√(v/(1−β₂^k)) + ε)
 * as a new tensor.
 */
export function adamDirection(gradient: Tensor, mean: Tensor, power: Variable, s: AdamScalars): Tensor {
  if (hasKernel('AdamDirection'))
    return runKernel('AdamDirection', { power: own(power), gradient, mean }, s)[0]
  return tidy(() => {
    power.assign(add(mul(power, s.beta2), mul(square(gradient), 1 - s.beta2)))
    const root = add(sqrt(div(power, s.correction2)), s.epsilon)
    return mul(div(mean, root), s.rate / s.correction1)
  })
}
