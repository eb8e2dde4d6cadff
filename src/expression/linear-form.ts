import { ConstantNode, type MathNode, OperatorNode } from 'mathjs/number'
import { usedSymbols } from './expression.ts'

/** Σ slopes_i x_i + constant, with formulas in t; a slope that is left out is 0. */
interface Form {
  readonly slopes: ReadonlyMap<string, MathNode>
  readonly constant: MathNode
}

type Operation = 'add' | 'subtract' | 'multiply' | 'divide'

const SIGNS = { add: '+', subtract: '-', multiply: '*', divide: '/' } as const

/**
 * A formula as slope · variable + constant, with formulas in t, read from its syntax tree; null where it is not one, or not seen to be
 * one. Sums, products and quotients by what is free of all variables, powers 1 and 0, and conditions that are free of them keep a form linear. Nothing
 * is evaluated: a formula that is a straight line only where one happens to look is none.
 *
 * @example linearForm(formulaParts('(3 - x) / 2', 'drift')[0], new Set(['x']), 'x') // slope −0.5, constant 1.5
 */
export function linearForm(
  node: MathNode,
  variables: ReadonlySet<string>,
  variable: string,
): { readonly slope: MathNode; readonly constant: MathNode } | null {
  const form = formOf(node, variables)
  if (!form) return null
  for (const [name, slope] of form.slopes)
    if (name !== variable && !(isNumber(slope) && slope.value === 0)) return null
  return { slope: form.slopes.get(variable) ?? number(0), constant: form.constant }
}

function formOf(node: MathNode, variables: ReadonlySet<string>): Form | null {
  if (isFree(node, variables)) return { slopes: new Map(), constant: folded(node) }
  switch (node.type) {
    case 'ParenthesisNode':
      return formOf((node as MathNode & { content: MathNode }).content, variables)
    case 'SymbolNode':
      return {
        slopes: new Map([[(node as MathNode & { name: string }).name, number(1)]]),
        constant: number(0),
      }
    case 'ConditionalNode':
      return ofCondition(node as Conditional, variables)
    case 'OperatorNode': {
      const { args, fn } = node as MathNode & { args: MathNode[]; fn: string }
      return ofOperator(fn, args, variables)
    }
    default:
      return null
  }
}

type Conditional = MathNode & {
  condition: MathNode
  trueExpr: MathNode
  falseExpr: MathNode
  clone(): MathNode
}

function ofCondition(node: Conditional, variables: ReadonlySet<string>): Form | null {
  if (!isFree(node.condition, variables)) return null
  const yes = formOf(node.trueExpr, variables)
  const no = formOf(node.falseExpr, variables)
  if (!yes || !no) return null
  const choice = (a: MathNode, b: MathNode) =>
    node.map((child) => (child === node.condition ? child : child === node.trueExpr ? a : b))
  const slopes = new Map<string, MathNode>()
  for (const name of [...yes.slopes.keys(), ...no.slopes.keys()])
    slopes.set(name, choice(yes.slopes.get(name) ?? number(0), no.slopes.get(name) ?? number(0)))
  return { slopes, constant: choice(yes.constant, no.constant) }
}

function ofOperator(
  name: string,
  [first, second]: readonly MathNode[],
  variables: ReadonlySet<string>,
): Form | null {
  if (name === 'pow') {
    const exponent = folded(second)
    if (!isNumber(exponent)) return null
    if (exponent.value === 0) return { slopes: new Map(), constant: number(1) }
    return exponent.value === 1 ? formOf(first, variables) : null
  }
  const form = formOf(first, variables)
  if (!form) return null
  if (name === 'unaryPlus') return form
  if (name === 'unaryMinus') return mapped(form, (part) => operation('multiply', number(-1), part))
  if (name === 'multiply') {
    const other = formOf(second, variables)
    if (other?.slopes.size === 0) return mapped(form, (part) => operation(name, part, other.constant))
    return other && form.slopes.size === 0
      ? mapped(other, (part) => operation(name, form.constant, part))
      : null
  }
  if (name === 'divide')
    return isFree(second, variables) ? mapped(form, (part) => operation(name, part, folded(second))) : null
  if (name !== 'add' && name !== 'subtract') return null
  const other = formOf(second, variables)
  if (!other) return null
  const slopes = new Map(form.slopes)
  for (const [variable, slope] of other.slopes)
    slopes.set(variable, operation(name, form.slopes.get(variable) ?? number(0), slope))
  return { slopes, constant: operation(name, form.constant, other.constant) }
}

function mapped({ slopes, constant }: Form, change: (part: MathNode) => MathNode): Form {
  return {
    slopes: new Map([...slopes].map(([name, slope]) => [name, change(slope)])),
    constant: change(constant),
  }
}

/** a op b, worked out where both are numbers or one of them changes nothing: equal forms shall look alike. */
function operation(name: Operation, a: MathNode, b: MathNode): MathNode {
  if (isNumber(a) && isNumber(b)) {
    if (name === 'add') return number(a.value + b.value)
    if (name === 'subtract') return number(a.value - b.value)
    return number(name === 'multiply' ? a.value * b.value : a.value / b.value)
  }
  const [zero, one] = name === 'add' || name === 'subtract' ? [0, null] : [null, 1]
  if (isNumber(b) && (b.value === zero || b.value === one)) return a
  if (isNumber(a) && (a.value === 0 || a.value === 1)) {
    if (name === 'add' && a.value === 0) return b
    if (name === 'multiply') return a.value === 1 ? b : a
    if (name === 'subtract' && a.value === 0) return operation('multiply', number(-1), b)
  }
  return new OperatorNode(SIGNS[name], name, [a, b])
}

/** A part without variables, as a number where it has none of t either. */
function folded(node: MathNode): MathNode {
  switch (node.type) {
    case 'ParenthesisNode':
      return folded((node as MathNode & { content: MathNode }).content)
    case 'OperatorNode': {
      const { args, fn } = node as MathNode & { args: MathNode[]; fn: string }
      if (fn === 'unaryMinus') return operation('multiply', number(-1), folded(args[0]))
      return fn in SIGNS ? operation(fn as Operation, folded(args[0]), folded(args[1])) : node
    }
    default:
      return node
  }
}

function isFree(node: MathNode, variables: ReadonlySet<string>): boolean {
  for (const name of usedSymbols([node])) if (variables.has(name)) return false
  return true
}

function isNumber(node: MathNode): node is MathNode & { value: number } {
  return node.type === 'ConstantNode' && typeof (node as MathNode & { value: unknown }).value === 'number'
}

function number(value: number): MathNode {
  return new ConstantNode(value)
}
