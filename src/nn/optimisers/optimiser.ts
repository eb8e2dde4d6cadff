import { mul, type Tensor, tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core'
import { checkInteger, checkNumber, InputError } from '../../errors.ts'
import { blend } from '../fused.ts'

/** What an optimiser needs to go on with the same bits: plain JSON and named arrays. */
export interface OptimiserState {
  readonly name: string
  readonly scalars: Readonly<Record<string, number>>
  readonly arrays: Readonly<Record<string, Float32Array>>
}

/** Improves its variables in place, one gradient step at a time. */
export interface Optimiser {
  readonly name: string
  /** One step; gradients in the order of the variables. `rate` is the learning rate of this step. The gradients are kept alive. */
  step(gradients: readonly Tensor[], rate: number): void
  /** A copy of everything the next steps depend on, apart from the variables themselves. */
  state(): OptimiserState
  /** Goes on from a state of the same optimiser on variables of the same shapes; throws an InputError otherwise. */
  restore(state: OptimiserState): void
  dispose(): void
}

export type OptimiserFactory = (variables: readonly Variable[]) => Optimiser

/** The state of an optimiser that keeps a step count and named arrays. */
export function stateOf(
  name: string,
  count: number,
  variables: ReadonlyMap<string, Variable>,
): OptimiserState {
  return { name, scalars: { count }, arrays: copyArrays(variables) }
}

/** Writes such a state back and returns its step count. */
export function restoreState(
  name: string,
  state: OptimiserState,
  variables: ReadonlyMap<string, Variable>,
): number {
  if (state.name !== name) throw new InputError('state.name', state.name, `a state of the optimiser ${name}`)
  const count = checkInteger('state.scalars.count', state.scalars.count, 0)
  restoreArrays(variables, state.arrays)
  return count
}

/** Copies of the values of named variables. */
export function copyArrays(variables: ReadonlyMap<string, Variable>): Record<string, Float32Array> {
  const arrays: Record<string, Float32Array> = {}
  for (const [name, variable] of variables) arrays[name] = Float32Array.from(variable.dataSync())
  return arrays
}

/** Writes named arrays back; every name must be there with the right length. */
export function restoreArrays(
  variables: ReadonlyMap<string, Variable>,
  arrays: Readonly<Record<string, Float32Array>>,
): void {
  for (const [name, variable] of variables) {
    const values = arrays[name]
    if (values?.length !== variable.size) {
      throw new InputError(`arrays.${name}.length`, values?.length, String(variable.size))
    }
  }
  for (const [name, variable] of variables) {
    const values = tensor(Float32Array.from(arrays[name] as Float32Array), variable.shape)
    variable.assign(values)
    values.dispose()
  }
}

/** A variable that training leaves alone, with the values of a tensor, which is disposed. */
export function heldVariable(values: Tensor): Variable {
  const held = variable(values, false)
  values.dispose()
  return held
}

/** How many times its root mean square the norm of a gradient may be. */
const LARGEST = 5

/**
 * Gradients, scaled down where their norm is that of an outlier: more than five times √(Σ v̂), the root mean square of the norms before, by
 * the second moments that Adam keeps (global norm clipping, Pascanu et al. 2013, arXiv:1211.5063). One batch with a rare point in a steep place may have a gradient a thousand times larger than others. Adam's step is of the same
 * size then, but its second moments are not: for a hundred steps nothing moves, and SOAP's bases turn to that one batch.
 *
 * @param correction 1 − β₂^k of the k steps before; 0 at the first, where nothing is known
 */
export function clipOutlier(
  gradients: readonly Tensor[],
  powers: readonly Tensor[],
  correction: number,
): readonly Tensor[] {
  if (correction === 0) return gradients
  const usual = powers.reduce((all, power) => all + sum(power.dataSync(), (value) => value), 0) / correction
  const square = gradients.reduce(
    (all, gradient) => all + sum(gradient.dataSync(), (value) => value * value),
    0,
  )
  const share = LARGEST * Math.sqrt(usual / square)
  // what is not finite is left to be seen
  if (!(share < 1)) return gradients
  return gradients.map((gradient) => mul(gradient, share))
}

function sum(values: ArrayLike<number>, of: (value: number) => number): number {
  let all = 0
  for (let i = 0; i < values.length; i++) all += of(values[i])
  return all
}

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
