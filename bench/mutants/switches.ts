import ts from 'typescript'
import type { Mutant } from './places.ts'

/** A mutant of a file with the number by which it is switched on. */
export interface Numbered {
  readonly number: number
  readonly mutant: Mutant
}

interface Switched extends Numbered {
  readonly start: number
  readonly end: number
  readonly statement: boolean
  /** Whether it is a statement of its own: without a semicolon a parenthesis would go on with the line before. */
  readonly isOwn: boolean
}

/**
 * The file with all of these mutants in it, each of which runs in place of the original where `__mutant(number)` is true: one
 * copy of the project, translated and loaded once, serves for all (mutant schemata: Untch, Offutt & Harrold, ISSTA 1993).
 */
export function withSwitches(text: string, mutants: readonly Numbered[]): string {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true)
  const all = mutants.map((one): Switched => {
    const node = enclosing(source, one.mutant)
    const statement = one.mutant.operator === 'removed statement'
    const isOwn = ts.isExpressionStatement(node.parent) && !ts.isIfStatement(node.parent.parent)
    return { ...one, start: node.getStart(), end: node.getEnd(), statement, isOwn }
  })
  // outer ones first
  all.sort((a, b) => a.start - b.start || b.end - a.end)
  return render(text, 0, text.length, all)
}

function render(text: string, from: number, to: number, inside: readonly Switched[]): string {
  let out = ''
  let at = from
  for (let i = 0; i < inside.length; ) {
    const outer = inside[i]
    const inner = inside.slice(i + 1).filter(({ start }) => start < outer.end)
    const original = render(text, outer.start, outer.end, inner)
    out += text.slice(at, outer.start) + switched(text, outer, original)
    at = outer.end
    i += 1 + inner.length
  }
  return out + text.slice(at, to)
}

function switched(
  text: string,
  { number, mutant, start, end, statement, isOwn }: Switched,
  original: string,
): string {
  if (statement) return `{if(!globalThis.__mutant?.(${number})){${original}}}`
  const changed = text.slice(start, mutant.start) + mutant.replacement + text.slice(mutant.end, end)
  return `${isOwn ? ';' : ''}(globalThis.__mutant?.(${number})?(${changed}):(${original}))`
}

/** The smallest expression (or the statement) that can stand in parentheses around a change. */
function enclosing(source: ts.SourceFile, { start, end, operator }: Mutant): ts.Node {
  let node: ts.Node = source
  for (let next: ts.Node | undefined = source; next; ) {
    node = next
    next = ts.forEachChild(node, (child) =>
      child.getStart() <= start && end <= child.getEnd() ? child : undefined,
    )
  }
  if (operator === 'removed statement') {
    while (!ts.isStatement(node)) node = node.parent
    return node
  }
  for (;;) {
    const { parent } = node
    const isName = ts.isPropertyAccessExpression(parent) && parent.name === node
    // of a?.b(c) all has to be left out where a is missing
    const inChain = ts.isOptionalChain(parent) && parent.expression === node
    // a line that starts with a parenthesis would go on with the line before
    const first = ts.isExpression(parent) && startsStatement(node)
    if (!ts.isExpression(node) || isName || inChain || first) node = parent
    else return node
  }
}

function startsStatement(node: ts.Node): boolean {
  let outer = node
  while (ts.isExpression(outer)) outer = outer.parent
  return ts.isExpressionStatement(outer) && outer.getStart() === node.getStart()
}
