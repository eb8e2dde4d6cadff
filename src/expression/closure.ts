import type { MathNode } from 'mathjs/number'
import * as mathjs from 'mathjs/number'
import { compileNode, unevaluable } from './expression.ts'

/** A compiled formula: the values of its variables, in the order they were named, to a number. */
export type VectorFormula = (values: ArrayLike<number>) => number

type Binary = (a: number, b: number) => number
type Unary = (a: number) => number

const binary: Readonly<Record<string, Binary>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}

const unary: Readonly<Record<string, Unary>> = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  cube: (a) => a * a * a,
  exp: Math.exp,
  expm1: Math.expm1,
  floor: Math.floor,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  log2: Math.log2,
  sign: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  square: (a) => a * a,
  tan: Math.tan,
  tanh: Math.tanh,
}

/**
 * The formula of `compileNode` as a tree of closures: the same values to rounding, some thirty times faster, for formulas
 * that are evaluated at every node of a grid. What has no closure of its own is evaluated by mathjs.
 *
 * @throws InputError as `compileNode`
 * @example compileVector(parts[0], ['t', 'x'], 'drift')([0, 2])
 */
export function compileVector(
  node: MathNode,
  variables: readonly string[],
  parameter: string,
): VectorFormula {
  compileNode(node, variables, parameter)
  return closureOf(node, variables, parameter)
}

/** The same of a formula that is made of checked ones. */
export function closureOf(node: MathNode, variables: readonly string[], parameter: string): VectorFormula {
  return build(node, { variables, parameter })
}

/** An operator or a function of so many numbers: their values to its own. */
export function operation(op: string, name: string, count: number, parameter: string): VectorFormula {
  const parts = Array.from(
    { length: count },
    (_, i): VectorFormula =>
      (values) =>
        values[i],
  )
  return apply(op, name, parts, { variables: [], parameter })
}

/** The names of the variables, and whose formula it is. */
export interface Scope {
  readonly variables: readonly string[]
  readonly parameter: string
}

function build(node: MathNode, scope: Scope): VectorFormula {
  switch (node.type) {
    case 'ParenthesisNode':
      return build((node as MathNode & { content: MathNode }).content, scope)
    case 'ConstantNode': {
      const { value } = node as MathNode & { value: number }
      return () => value
    }
    case 'SymbolNode': {
      const { name } = node as MathNode & { name: string }
      const place = scope.variables.indexOf(name)
      if (place >= 0) return (values) => values[place]
      const value = name === 'pi' ? Math.PI : Math.E
      return () => value
    }
    case 'ConditionalNode': {
      const parts = node as MathNode & { condition: MathNode; trueExpr: MathNode; falseExpr: MathNode }
      const condition = build(parts.condition, scope)
      const yes = build(parts.trueExpr, scope)
      const no = build(parts.falseExpr, scope)
      return (values) => (condition(values) ? yes(values) : no(values))
    }
    case 'OperatorNode':
    case 'FunctionNode': {
      const { op, args } = node as MathNode & { op?: string; args: MathNode[] }
      const { fn } = node as MathNode & { fn: string | { name: string } }
      const parts = args.map((part) => build(part, scope))
      return apply(op ?? '', typeof fn === 'string' ? fn : fn.name, parts, scope)
    }
    default:
      return general(node, scope)
  }
}

function apply(
  op: string,
  name: string,
  parts: readonly VectorFormula[],
  { parameter }: Scope,
): VectorFormula {
  const [first, second] = parts
  if (parts.length === 1) {
    if (name === 'unaryMinus') return (values) => -first(values)
    const one = unary[name]
    if (one) return (values) => one(first(values))
  }
  if (parts.length === 2) {
    if (op === '^') return power(first, second)
    const two = binary[op]
    if (two) return (values) => two(first(values), second(values))
  }
  // comparisons and the rest: mathjs has its own rules for them, as for what counts as equal
  const own = (mathjs as unknown as Record<string, (...args: number[]) => number | boolean>)[name]
  return (values) => {
    const given = parts.map((part) => part(values))
    try {
      return Number(own(...given))
    } catch (error) {
      // such as round(x, 16), which only some values of the variables lead to
      throw unevaluable(parameter, `${name}(${given.join(', ')})`, error)
    }
  }
}

function power(base: VectorFormula, exponent: VectorFormula): VectorFormula {
  return (values) => {
    const a = base(values)
    const n = exponent(values)
    if (n === 2) return a * a
    if (n === 3) return a * a * a
    return a ** n
  }
}

/** A chained comparison such as 0 < x < 1. */
function general(node: MathNode, { variables, parameter }: Scope): VectorFormula {
  const formula = compileNode(node, variables, parameter)
  return (values) => formula(Object.fromEntries(variables.map((name, i) => [name, values[i]])))
}
