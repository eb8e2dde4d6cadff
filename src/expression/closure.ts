import type { MathNode } from 'mathjs/number'
import * as mathjs from 'mathjs/number'
import { compileNode } from './expression.ts'

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
  return build(node, variables)
}

function build(node: MathNode, variables: readonly string[]): VectorFormula {
  switch (node.type) {
    case 'ParenthesisNode':
      return build((node as MathNode & { content: MathNode }).content, variables)
    case 'ConstantNode': {
      const { value } = node as MathNode & { value: number }
      return () => value
    }
    case 'SymbolNode': {
      const { name } = node as MathNode & { name: string }
      const place = variables.indexOf(name)
      if (place >= 0) return (values) => values[place]
      const value = name === 'pi' ? Math.PI : Math.E
      return () => value
    }
    case 'ConditionalNode': {
      const parts = node as MathNode & { condition: MathNode; trueExpr: MathNode; falseExpr: MathNode }
      const condition = build(parts.condition, variables)
      const yes = build(parts.trueExpr, variables)
      const no = build(parts.falseExpr, variables)
      return (values) => (condition(values) ? yes(values) : no(values))
    }
    case 'OperatorNode':
    case 'FunctionNode': {
      const { op, args } = node as MathNode & { op?: string; args: MathNode[] }
      const { fn } = node as MathNode & { fn: string | { name: string } }
      const parts = args.map((part) => build(part, variables))
      return apply(op ?? '', typeof fn === 'string' ? fn : fn.name, parts)
    }
    default:
      return general(node, variables)
  }
}

function apply(op: string, name: string, parts: readonly VectorFormula[]): VectorFormula {
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
  return (values) => Number(own(...parts.map((part) => part(values))))
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
function general(node: MathNode, variables: readonly string[]): VectorFormula {
  const formula = compileNode(node, variables, 'formula')
  return (values) => formula(Object.fromEntries(variables.map((name, i) => [name, values[i]])))
}
