import { ConstantNode, type MathNode, OperatorNode, ParenthesisNode, parse, SymbolNode } from 'mathjs/number'

/**
 * A formula in which each variable v is replaced by v + shift. Numbers that are added to a variable or taken from it are folded into the
 * shift first: x − 100000003 with the shift 1e8 becomes x − 3, so that no digits are lost.
 *
 * @param names variables of the formula, one for each shift
 * @example foldedShift('exp(-(x - 5)^2)', ['x'], [4]) // (exp(-((x + -1) ^ 2)))
 */
export function foldedShift(text: string, names: readonly string[], shifts: ArrayLike<number>): string {
  const rewrite = (node: MathNode): MathNode => {
    if (node instanceof SymbolNode && names.includes(node.name))
      return shifted(node, shifts[names.indexOf(node.name)])
    const inner = node.map(rewrite)
    return folded(inner) ?? inner
  }
  return rewrite(parse(text)).toString({ parenthesis: 'all' })
}

function shifted(variable: MathNode, shift: number): MathNode {
  return new ParenthesisNode(new OperatorNode('+', 'add', [variable, new ConstantNode(shift)]))
}

/** (v + a) ± b and b + (v + a) as v + c, b − (v + a) as −(v + c); null for everything else. */
function folded(node: MathNode): MathNode | null {
  if (!(node instanceof OperatorNode) || (node.op !== '+' && node.op !== '-')) return null
  const parts = node.args.map(bare)
  if (parts.length !== 2) return null
  const [one, other] = parts
  const sign = node.op === '+' ? 1 : -1
  const [left, right] = parts.map(shiftOf)
  if (left && other instanceof ConstantNode)
    return shifted(left.variable, left.shift + sign * Number(other.value))
  if (!right || !(one instanceof ConstantNode)) return null
  const inner = shifted(right.variable, right.shift + sign * Number(one.value))
  return sign === 1 ? inner : new ParenthesisNode(new OperatorNode('-', 'unaryMinus', [inner]))
}

/** v and a of v + a. */
function shiftOf(node: MathNode): { readonly variable: SymbolNode; readonly shift: number } | null {
  if (!(node instanceof OperatorNode) || node.op !== '+' || node.args.length !== 2) return null
  const [variable, shift] = node.args
  return variable instanceof SymbolNode && shift instanceof ConstantNode
    ? { variable, shift: Number(shift.value) }
    : null
}

function bare(node: MathNode): MathNode {
  return node instanceof ParenthesisNode ? bare(node.content) : node
}
