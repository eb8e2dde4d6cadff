import { mul, tidy, type Variable } from '@tensorflow/tfjs-core'
import { checkNumber } from '../errors.ts'
import { blend } from './fused.ts'
import type { OptimiserState } from './optimisers/optimiser.ts'
import { heldVariable, restoreState, stateOf } from './optimisers/optimiser.ts'

/** An exponential moving average of weights. */
interface WeightAverage {
  /** The averages, in the order and with the shapes of the variables. */
  readonly values: readonly Variable[]
  /** Takes in the present weights: average ← d·average + (1−d)·weights with d = min(decay, (1+k)/(10+k)) at call k = 0, 1, … */
  update(): void
  /** A copy of the averages and the number of updates. */
  state(): OptimiserState
  /** Goes on from a state made by `state`; throws an InputError for one of other shapes. */
  restore(state: OptimiserState): void
  dispose(): void
}

/**
 * The exponential moving average of the variables, starting from their present values, with a warm-up
 * (docs/mathematics.md §7: decay 0.999).
 *
 * @throws InputError if decay is not in [0, 1]
 */
export function weightAverage(variables: readonly Variable[], decay = 0.999): WeightAverage {
  checkNumber('decay', decay, 0, 1)
  const values = variables.map((weights) => heldVariable(tidy(() => mul(weights, 1))))
  const kept = new Map(values.map((average, i) => [String(i), average] as const))
  let count = 0
  return {
    values,
    update() {
      const d = Math.min(decay, (1 + count) / (10 + count))
      count++
      blend(values, variables, d, 1 - d)
    },
    state: () => stateOf('weight-average', count, kept),
    restore(state) {
      count = restoreState('weight-average', state, kept)
    },
    dispose() {
      for (const average of values) average.dispose()
    },
  }
}
