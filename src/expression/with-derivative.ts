import type { MathNode } from 'mathjs/number'
import { InputError } from '../errors.ts'
import { compileVector } from './closure.ts'
import { compileRate } from './dual.ts'
import { formulaParts } from './expression.ts'

/** A formula in t, and in a second time u where it may have one, with its derivative by t. */
export interface WithDerivative {
  readonly node: MathNode
  value(t: number, u?: number): number
  rate(t: number, u?: number): number
}

/**
 * A formula in t of the limited scope of `compileFormula`, and its exact derivative.
 *
 * @param twoTimes whether u may stand in it too
 * @throws InputError naming the parameter when it is no such formula, or has no derivative
 */
export function withDerivative(text: string, parameter: string, twoTimes = false): WithDerivative {
  const [node, ...others] = formulaParts(text, parameter)
  if (others.length > 0) throw new InputError(parameter, text, 'one formula in t')
  const times = twoTimes ? ['t', 'u'] : ['t']
  const value = compileVector(node, times, parameter)
  const rate = compileRate(node, times, parameter)
  return { node, value: (t, u = 0) => value([t, u]), rate: (t, u = 0) => rate([t, u]) }
}
