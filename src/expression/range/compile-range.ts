import type { MathNode } from 'mathjs/number'
import { binaryRanges, power, unaryRanges } from './functions.ts'
import {
  constantRange,
  EVERYTHING,
  either,
  identityRange,
  minus,
  product,
  quotient,
  type Range,
  rangeOf,
  sum,
} from './range.ts'

/** What a formula in t does between two times. */
export type RangeFormula = (from: number, to: number) => Range

type Verdict = boolean | undefined

/**
 * The range of a formula in t alone, on any interval of t: a pulse between two samples is in it however narrow it is, and a jump or a kink makes it
 * not smooth. The formula must have been checked by `compileNode`.
 */
export function compileRange(node: MathNode): RangeFormula {
  switch (node.type) {
    case 'ParenthesisNode':
      return compileRange((node as MathNode & { content: MathNode }).content)
    case 'ConstantNode': {
      const range = constantRange((node as MathNode & { value: number }).value)
      return () => range
    }
    case 'SymbolNode': {
      const { name } = node as MathNode & { name: string }
      if (name === 't') return identityRange
      const range = constantRange(name === 'pi' ? Math.PI : Math.E)
      return () => range
    }
    case 'ConditionalNode': {
      const parts = node as MathNode & { condition: MathNode; trueExpr: MathNode; falseExpr: MathNode }
      const [condition, yes, no] = [parts.condition, parts.trueExpr, parts.falseExpr].map(compileRange)
      return (from, to) => {
        const verdict = truth(condition(from, to))
        if (verdict === undefined) return either(yes(from, to), no(from, to))
        return verdict ? yes(from, to) : no(from, to)
      }
    }
    case 'RelationalNode': {
      // a chain such as 0 < t < 1
      const { params, conditionals } = node as MathNode & { params: MathNode[]; conditionals: string[] }
      const parts = params.map(compileRange)
      return (from, to) => {
        const ranges = parts.map((part) => part(from, to))
        return conditionals
          .map((name, i) => comparisons[name](ranges[i], ranges[i + 1]))
          .reduce((all, one) => ofTruth(both(truth(all), truth(one))))
      }
    }
    default: {
      const { args, fn } = node as MathNode & { args: MathNode[]; fn: string | { name: string } }
      const parts = args.map(compileRange)
      const name = typeof fn === 'string' ? fn : fn.name
      return (from, to) =>
        applied(
          name,
          parts.map((part) => part(from, to)),
        )
    }
  }
}

function applied(name: string, [first, ...rest]: readonly Range[]): Range {
  const [second] = rest
  if (second === undefined) return (unary[name] ?? unaryRanges[name] ?? identity)(first)
  const two = comparisons[name] ?? binary[name] ?? binaryRanges[name]
  return two ? rest.reduce(two, first) : rangeOf(EVERYTHING, EVERYTHING, true)
}

/** max(a), min(a), hypot(a). */
const identity = (f: Range) => f

const unary: Readonly<Record<string, (f: Range) => Range>> = {
  unaryMinus: minus,
  unaryPlus: identity,
  not: (f) => ofTruth(negation(truth(f))),
  hypot: (f) => unaryRanges.abs(f),
}

const binary: Readonly<Record<string, (f: Range, g: Range) => Range>> = {
  add: sum,
  subtract: (f, g) => sum(f, minus(g)),
  multiply: product,
  divide: quotient,
  pow: power,
  and: (f, g) => ofTruth(both(truth(f), truth(g))),
  or: (f, g) => ofTruth(negation(both(negation(truth(f)), negation(truth(g))))),
}

const comparisons: Readonly<Record<string, (f: Range, g: Range) => Range>> = {
  smaller: (f, g) => ofTruth(below(f, g)),
  larger: (f, g) => ofTruth(below(g, f)),
  smallerEq: (f, g) => ofTruth(negation(below(g, f))),
  largerEq: (f, g) => ofTruth(negation(below(f, g))),
  equal: (f, g) => ofTruth(same(f, g)),
  unequal: (f, g) => ofTruth(negation(same(f, g))),
}

/** f < g. Where they touch at an end of the interval, what is true inside it. */
function below(f: Range, g: Range): Verdict {
  if (f.high < g.low) return true
  if (f.low > g.high || same(f, g)) return false
  if (!f.smooth || !g.smooth) return undefined
  if (f.high === g.low) return true
  return f.low === g.high ? false : undefined
}

function same(f: Range, g: Range): Verdict {
  if (f.low > g.high || f.high < g.low) return false
  return f.low === f.high && g.low === g.high ? true : undefined
}

function truth({ low, high }: Range): Verdict {
  if (low > 0 || high < 0) return true
  return low === 0 && high === 0 ? false : undefined
}

function negation(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict
}

function both(a: Verdict, b: Verdict): Verdict {
  if (a === false || b === false) return false
  return a === undefined || b === undefined ? undefined : true
}

function ofTruth(verdict: Verdict): Range {
  return verdict === undefined ? rangeOf([0, 1], [0, 0], false) : constantRange(Number(verdict))
}
