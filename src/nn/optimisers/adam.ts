import { type Variable, zeros } from '@tensorflow/tfjs-core'
import { checkNumber } from '../../errors.ts'
import { adamScalars, adamUpdate } from './adam-update.ts'
import type { OptimiserFactory } from './optimiser.ts'
import { heldVariable, restoreState, stateOf } from './state-arrays.ts'

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
      step(gradients, rate) {
        count++
        const scalars = adamScalars(rate, { beta1, beta2, epsilon }, count)
        adamUpdate(variables, gradients, means, powers, scalars)
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
