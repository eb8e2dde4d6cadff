import { add, div, mul, sqrt, square, sub, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core'
import { hasKernel, numbered, own, runKernel } from '../fused.ts'

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
export function composedAdamUpdate(
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
