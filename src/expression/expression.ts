import { type MathNode, parse } from 'mathjs/number'
import { InputError } from '../errors.ts'

/** A compiled formula: the values of its variables in the order they were named, to a number. */
type Formula = (values: Record<string, number>) => number

const FUNCTIONS = new Set(
  (
    'abs acos acosh asin asinh atan atan2 atanh cbrt ceil cos cosh cube erf exp expm1 floor hypot log log10 log1p log2 ' +
    'max min mod pow round sign sin sinh sqrt square tan tanh'
  ).split(' '),
)
const CONSTANTS: ReadonlySet<string> = new Set(['pi', 'e'])
const OPERATORS = new Set(['+', '-', '*', '/', '^', '<', '>', '<=', '>=', '==', '!=', 'and', 'or', 'not'])
const LONGEST = 10_000
const MOST_NODES = 2_000
// of a sum of as many terms as are allowed; everything that goes through a formula calls itself at each level
const DEEPEST = 1_001

/**
 * Compiles a mathjs expression in a limited scope: numbers, the named variables, pi and e, arithmetic, comparison,
 * `a ? b : c`, and elementary functions. No assignment, function definition, import, unit, string, index, range or
 * matrix, so nothing can escape and every evaluation ends; at most 10,000 characters and 2,000 nodes.
 *
 * @throws InputError naming what is not allowed
 * @example compileFormula('-x / (1 + t^2)', ['t', 'x'], 'score')({ t: 1, x: 2 }) // -1
 */
export function compileFormula(text: string, variables: readonly string[], parameter: string): Formula {
  return compileNode(parseFormula(text, parameter), variables, parameter)
}

/** The parts of `[a, b, …]`, or the expression itself, each parsed. Checked only by `compileNode`. */
export function formulaParts(text: string, parameter: string): MathNode[] {
  const node = parseFormula(text, parameter)
  return isArray(node) ? node.items : [node]
}

/** Which of the candidate variables the nodes use. */
export function usedSymbols(nodes: readonly MathNode[]): Set<string> {
  const names = new Set<string>()
  for (const node of nodes)
    node.traverse((part) => {
      if ('name' in part && part.type === 'SymbolNode') names.add(String(part.name))
    })
  return names
}

export function compileNode(node: MathNode, variables: readonly string[], parameter: string): Formula {
  const allowed = new Set(variables)
  let count = 0
  node.traverse((part, _path, parent) => {
    count++
    const product = calledVariable(part, allowed)
    if (product)
      throw new InputError(parameter, part.toString(), `${product}: a bracket after a name calls a function`)
    const problem = count > MOST_NODES ? 'its length' : forbidden(part, parent, allowed)
    if (problem)
      throw new InputError(
        parameter,
        problem,
        `a formula in ${variables.join(', ')} of at most ${MOST_NODES} parts with arithmetic and elementary functions`,
      )
  })
  const code = node.compile()
  const formula: Formula = (values) => {
    try {
      const value: unknown = code.evaluate({ ...values })
      return typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : Number.NaN
    } catch (error) {
      // such as sin() or sin(1, 2), which can be read but not evaluated
      throw unevaluable(parameter, node.toString(), error)
    }
  }
  formula(Object.fromEntries(variables.map((name) => [name, 1])))
  return formula
}

/** The error of a formula that can be read but not evaluated. */
export function unevaluable(parameter: string, formula: string, error: unknown): InputError {
  return new InputError(
    parameter,
    formula,
    `a formula that can be evaluated (${error instanceof Error ? error.message : String(error)})`,
  )
}

function parseFormula(text: string, parameter: string): MathNode {
  if (text.length > LONGEST)
    throw new InputError(parameter, `${text.length} characters`, `at most ${LONGEST} characters`)
  try {
    const node = parse(text)
    if (isDeep(node)) throw new RangeError()
    return node
  } catch (error) {
    // of the check, or of the parser's own recursion
    const why = error instanceof RangeError ? 'it is nested too deeply' : (error as Error).message
    throw new InputError(parameter, text, `a formula that can be read (${why})`)
  }
}

function isDeep(root: MathNode): boolean {
  let level = [root]
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > DEEPEST) return true
    const next: MathNode[] = []
    for (const node of level)
      node.forEach((child) => {
        next.push(child)
      })
    level = next
  }
  return false
}

/** The product that was meant by x(x - 2), where x is a variable; undefined for anything else. */
function calledVariable(node: MathNode, variables: ReadonlySet<string>): string | undefined {
  if (node.type !== 'FunctionNode') return undefined
  const { fn, args } = node as MathNode & { fn: { name?: string }; args: MathNode[] }
  return fn.name !== undefined && variables.has(fn.name) && args.length === 1
    ? `${fn.name} * (${args[0]})`
    : undefined
}

/** What is wrong with one node, or undefined. */
function forbidden(
  node: MathNode,
  parent: MathNode | null,
  variables: ReadonlySet<string>,
): string | undefined {
  switch (node.type) {
    case 'ParenthesisNode':
    case 'ConditionalNode':
    case 'RelationalNode':
      return undefined
    case 'ConstantNode': {
      const { value } = node as MathNode & { value: unknown }
      return typeof value === 'number' ? undefined : String(value)
    }
    case 'OperatorNode': {
      const { op } = node as MathNode & { op: string }
      return OPERATORS.has(op) ? undefined : op
    }
    case 'FunctionNode': {
      const { fn } = node as MathNode & { fn: { name?: string; type: string } }
      return fn.type === 'SymbolNode' && fn.name !== undefined && FUNCTIONS.has(fn.name)
        ? undefined
        : node.toString()
    }
    case 'SymbolNode': {
      const { name } = node as MathNode & { name: string }
      const called = parent?.type === 'FunctionNode' && (parent as MathNode & { fn: unknown }).fn === node
      return called || variables.has(name) || CONSTANTS.has(name) ? undefined : name
    }
    default:
      return node.type
  }
}

function isArray(node: MathNode): node is MathNode & { items: MathNode[] } {
  return node.type === 'ArrayNode'
}
