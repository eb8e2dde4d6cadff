import { derivative, type MathNode } from 'mathjs/number'
import { InputError } from '../errors.ts'
import { compileVector } from './closure.ts'
import { formulaParts } from './expression.ts'

/** A formula in t with its derivative. */
export interface WithDerivative {
  readonly node: MathNode
  value(t: number): number
  rate(t: number): number
}

/**
 * A formula in t of the limited scope of `compileFormula`, and its exact derivative.
 *
 * @throws InputError naming the parameter when it is no such formula, or has no derivative in closed form
 */
export function withDerivative(text: string, parameter: string): WithDerivative {
  const [node, ...others] = formulaParts(text, parameter)
  if (others.length > 0) throw new InputError(parameter, text, 'one formula in t')
  const value = compileVector(node, ['t'], parameter)
  const rate = compileVector(differentiated(node, text, parameter), ['t'], `the derivative of ${parameter}`)
  return { node, value: (t) => value([t]), rate: (t) => rate([t]) }
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
