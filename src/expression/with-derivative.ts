import { derivative, type MathNode } from 'mathjs/number'
import { InputError } from '../errors.ts'
import { compileVector } from './closure.ts'
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
 * @throws InputError naming the parameter when it is no such formula, or has no derivative in closed form
 */
export function withDerivative(text: string, parameter: string, twoTimes = false): WithDerivative {
  const [node, ...others] = formulaParts(text, parameter)
  if (others.length > 0) throw new InputError(parameter, text, 'one formula in t')
  const times = twoTimes ? ['t', 'u'] : ['t']
  const value = compileVector(node, times, parameter)
  const rate = compileVector(differentiated(node, text, parameter), times, `the derivative of ${parameter}`)
  return { node, value: (t, u = 0) => value([t, u]), rate: (t, u = 0) => rate([t, u]) }
}

function differentiated(node: MathNode, text: string, parameter: string): MathNode {
  try {
    // to simplify takes minutes where formulas are nested, and changes no value
    return derivative(node, 't', { simplify: false })
  } catch (error) {
    const why = error instanceof RangeError ? 'it is nested too deeply' : (error as Error).message
    throw new InputError(parameter, text, `a formula that can be differentiated (${why})`)
  }
}
