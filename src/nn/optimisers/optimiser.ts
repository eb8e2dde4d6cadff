import { type Tensor, tensor, type Variable, variable } from '@tensorflow/tfjs-core'
import { checkInteger, InputError } from '../../errors.ts'

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
