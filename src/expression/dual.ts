import type { MathNode } from 'mathjs/number'
import { InputError } from '../errors.ts'
import { operation, type Scope, type VectorFormula } from './closure.ts'

/** A value and its derivative. */
interface Dual {
  readonly value: number
  readonly rate: number
}

type DualFormula = (values: ArrayLike<number>) => Dual
type Unary = (a: number, value: number) => number
type Many = (parts: readonly Dual[], value: number) => number

/** The derivative of each function of one number, by its argument and its value there. */
const slopes: Readonly<Record<string, Unary>> = {
  abs: Math.sign,
  acos: (a) => -1 / Math.sqrt(1 - a * a),
  acosh: (a) => 1 / Math.sqrt(a * a - 1),
  asin: (a) => 1 / Math.sqrt(1 - a * a),
  asinh: (a) => 1 / Math.hypot(1, a),
  atan: (a) => 1 / (1 + a * a),
  atanh: (a) => 1 / (1 - a * a),
  cbrt: (_, value) => 1 / (3 * value * value),
  cos: (a) => -Math.sin(a),
  cosh: Math.sinh,
  cube: (a) => 3 * a * a,
  erf: (a) => (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a),
  exp: (_, value) => value,
  expm1: Math.exp,
  hypot: Math.sign,
  log: (a) => 1 / a,
  log10: (a) => 1 / (a * Math.LN10),
  log1p: (a) => 1 / (1 + a),
  log2: (a) => 1 / (a * Math.LN2),
  sin: Math.cos,
  sinh: Math.cosh,
  sqrt: (_, value) => 0.5 / value,
  square: (a) => 2 * a,
  tan: (_, value) => 1 + value * value,
  tanh: (a) => 1 / Math.cosh(a) ** 2,
  unaryMinus: () => -1,
  unaryPlus: () => 1,
}

/** The derivatives of what takes more than one number. */
const rates: Readonly<Record<string, Many>> = {
  add: ([a, b]) => a.rate + b.rate,
  subtract: ([a, b]) => a.rate - b.rate,
  multiply: ([a, b]) => times(a.rate, b.value) + times(b.rate, a.value),
  divide: ([a, b], value) => times(a.rate, 1 / b.value) - times(b.rate, value / b.value),
  pow: powerRate,
  atan2: ([y, x]) => {
    const square = x.value * x.value + y.value * y.value
    return times(y.rate, x.value / square) - times(x.rate, y.value / square)
  },
  hypot: (parts, value) => parts.reduce((sum, a) => sum + times(a.rate, a.value / value), 0),
  log: ([a, base], value) => {
    const logarithm = Math.log(base.value)
    return times(a.rate, 1 / (a.value * logarithm)) - times(base.rate, value / (base.value * logarithm))
  },
}

/**
 * The derivative of a formula by the first of its variables, by dual numbers (Griewank & Walther, Evaluating Derivatives, 2008, chapter 3): as many operations
 * as the formula has, however it is nested.
 *
 * @param node checked by `compileNode`
 * @throws InputError for conditions, comparisons and functions with jumps or corners
 */
export function compileRate(node: MathNode, variables: readonly string[], parameter: string): VectorFormula {
  const formula = build(node, { variables, parameter })
  return (values) => formula(values).rate
}

function build(node: MathNode, scope: Scope): DualFormula {
  switch (node.type) {
    case 'ParenthesisNode':
      return build((node as MathNode & { content: MathNode }).content, scope)
    case 'ConstantNode': {
      const constant = { value: (node as MathNode & { value: number }).value, rate: 0 }
      return () => constant
    }
    case 'SymbolNode': {
      const { name } = node as MathNode & { name: string }
      const place = scope.variables.indexOf(name)
      if (place >= 0) return (values) => ({ value: values[place], rate: place === 0 ? 1 : 0 })
      const constant = { value: name === 'pi' ? Math.PI : Math.E, rate: 0 }
      return () => constant
    }
    case 'OperatorNode':
    case 'FunctionNode':
      return applied(node, scope)
    default:
      throw refused(node, scope)
  }
}

function applied(node: MathNode, scope: Scope): DualFormula {
  const {
    op = '',
    args,
    fn,
  } = node as MathNode & {
    op?: string
    args: MathNode[]
    fn: string | { name: string }
  }
  const name = typeof fn === 'string' ? fn : fn.name
  const parts = args.map((part) => build(part, scope))
  const own = operation(op, name, parts.length, scope.parameter)
  const slope = parts.length === 1 ? slopes[name] : undefined
  const rate = rates[name]
  if (!slope && !rate) throw refused(node, scope)
  return (values) => {
    const given = parts.map((part) => part(values))
    const value = own(given.map((part) => part.value))
    if (given.every((part) => part.rate === 0)) return { value, rate: 0 }
    const [a] = given
    return { value, rate: slope ? times(a.rate, slope(a.value, value)) : rate(given, value) }
  }
}

function refused(node: MathNode, { parameter }: Scope): InputError {
  return new InputError(
    parameter,
    node.toString(),
    'a formula that can be differentiated, without conditions, comparisons, jumps and corners',
  )
}

/** What does not change adds nothing, whatever it is multiplied by. */
function times(rate: number, factor: number): number {
  return rate === 0 ? 0 : rate * factor
}

function powerRate([base, exponent]: readonly Dual[], value: number): number {
  const ofBase =
    exponent.value === 0 ? 0 : times(base.rate, exponent.value * base.value ** (exponent.value - 1))
  return ofBase + times(exponent.rate, value * Math.log(base.value))
}
