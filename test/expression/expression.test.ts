import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { exact } from '../../src/exact/exact.ts'
import { compileFormula } from '../../src/expression/expression.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { score } from '../../src/problem/evaluate.ts'
import { solve } from '../../src/solve.ts'

const hostile = [
  'sin()',
  'atan2(1, 2, 3)',
  'import("fs")',
  'x = 3',
  'f(x) = x^2',
  'cos.constructor("return process")()',
  'x.constructor',
  'parse("1+1")',
  'eval("1+1")',
  'evaluate("2")',
  'compile("x")',
  'simplify("x")',
  'derivative("x^2", "x")',
  '"text"',
  'concat("a", "b")',
  'zeros(1000000)',
  'ones(10, 10)',
  '1:1000000000',
  '[1, 2, 3]',
  '{a: 1}',
  'x[1]',
  'x; t',
  '5 cm to inch',
  'unit("5 cm")',
  'createUnit("foo")',
  'factorial(170000000)',
  '170!',
  'random()',
  'bignumber(3)',
  'matrix([1])',
  'map([1], f)',
  'chain(3)',
  'typed("f", {})',
  'help("sin")',
  'config({})',
  '__proto__',
  'constructor',
  'toString()',
  'x.__proto__.polluted',
  'print("$x", {x: 1})',
  'format(x)',
  'version',
  'sum(x, t)',
  'combinations(1000, 500)',
  'nthRoot(x, 3)',
  'cos.constructor.constructor("return this")()',
  'x.constructor.constructor("return process.mainModule")()',
  '({}).constructor',
  '[].map.constructor("return 1")()',
  'chain(x).done()',
  'import({sin: 1}, {override: true})',
  'reviver("a", {})',
  'e.constructor',
  'compile("1").evaluate()',
  'parser().evaluate("1")',
  'splitUnit(1, [])',
  'resolve("x")',
  'rationalize("x/x")',
  'symbolicEqual("x", "x")',
  'filter([1], g(y) = y)',
  'range(0, 1e9)',
  'x:t:1e9',
  'max(1:1e8)',
  'identity(100000)',
  'kron(ones(1000, 1000), 1)',
  'gamma(171)',
  'factorial(x)',
  'x!',
  'f(n) = f(n - 1); f(1)',
  'x["constructor"]',
  'sin["constructor"]("return 1")()',
  '{toString: 1}.toString',
  'x[1] = 2',
  '1\n2',
  'x ? t : {a: 1}',
  'hypot([1, 2])',
  'new Date()',
  'x => x',
  'this',
  'globalThis',
  'process',
  'require("fs")',
  'constructor("x")',
  '__defineGetter__("x", sin)',
  'hasOwnProperty("x")',
  'valueOf()',
  'sqrt(4 kg)',
  'i',
]

describe('expressions', () => {
  it.each(hostile)('refuse %s', (text) => {
    expect(() => compileFormula(text, ['t', 'x'], 'score')).toThrow(InputError)
  })

  it('refuse what is too long or too deep', () => {
    for (const text of [
      'x+'.repeat(6000),
      `${'('.repeat(4000)}x${')'.repeat(4000)}`,
      `${'x+'.repeat(1500)}x`,
    ])
      expect(() => compileFormula(text, ['x'], 'score')).toThrow(InputError)
  })

  it('take 1001 levels and not one more', () => {
    const nested = (levels: number) => `${'-'.repeat(levels - 1)}x`
    expect(compileFormula(nested(1001), ['x'], 'score')).toBeDefined()
    expect(() => compileFormula(nested(1002), ['x'], 'score')).toThrow(/nested too deeply/)
  })

  it.each([
    ['-x / (1 + t^2)', -1],
    ['x > 1 ? exp(-x) : 0', Math.exp(-2)],
    ['pi + e - pi - e', 0],
    ['max(x, t) + min(x, t)', 3],
    ['atan2(t, x)', Math.atan2(1, 2)],
    ['2 t x', 4],
    ['0 < t < x', 1],
  ])('%s is %d at t = 1, x = 2', (text, value) => {
    expect(compileFormula(text, ['t', 'x'], 'score')({ t: 1, x: 2 })).toBeCloseTo(value, 12)
  })

  it('have no complex numbers', () => {
    expect(compileFormula('sqrt(-x)', ['x'], 'score')({ x: 2 })).toBeNaN()
  })

  it('never do anything but throw an InputError or give a number, whatever the text', () => {
    const pieces = [
      'x',
      't',
      '1',
      '(',
      ')',
      '+',
      '*',
      '^',
      '[',
      ']',
      ',',
      '=',
      '.',
      'sin',
      '"',
      ':',
      '!',
      "'",
      ';',
      '{',
      '}',
      ' ',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        try {
          expect(typeof compileFormula(parts.join(''), ['t', 'x'], 'score')({ t: 1, x: 2 })).toBe('number')
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a density given by its score', () => {
  const problem = (score: string | string[]) =>
    parseProblem({ process: { kind: 've' }, data: { kind: 'expression', score } })

  it('takes one formula, a list or "[a, b]"', () => {
    expect(problem('-x/(4 + t^2)').dimension).toBe(1)
    expect(problem(['-x1/(1+t^2)', '-x2/(9+t^2)']).dimension).toBe(2)
    expect(problem('[-x1/(1+t^2), -x2/(9+t^2)]').dimension).toBe(2)
  })

  it("is the score of the problem's own process at its own time", async () => {
    const vp = { kind: 'vp', betaMin: 0.1, betaMax: 20 }
    const a = 'exp(-(0.1 t + 9.95 t^2))'
    const given = parseProblem({
      process: vp,
      data: { kind: 'expression', score: `-(x - 3 sqrt(${a}))/(4 ${a} + 1 - ${a})` },
    })
    const gaussian = parseProblem({ process: vp, data: { kind: 'gaussian', mean: [3], covariance: [[4]] } })
    const X = pointsFromRows([[-1], [0.5], [2]])
    const f = await solve(given, rungeKutta({ rtol: 1e-11 }), { time: 0.9 })
    const exactly = await solve(gaussian, exact(), { time: 0.9 })
    pointsToRows(f.evaluate(0.9, X)).forEach(([value], i) => {
      expect(value).toBeCloseTo(exactly.evaluate(0.9, X).get(i, 0), 8)
    })
    expect(score(given, 0.7, X).get(1, 0)).toBeCloseTo(score(gaussian, 0.7, X).get(1, 0), 12)
  })

  it('reads mean and covariance off the score far away', () => {
    const { moments } = problem(['-(x1-3)/(1+t^2)', '-(x2+1)/(9+t^2)']).density
    expect(moments.mean[0]).toBeCloseTo(3, 3)
    expect(moments.mean[1]).toBeCloseTo(-1, 3)
    expect(moments.eigenvalues[0]).toBeCloseTo(1, 2)
    expect(moments.eigenvalues[1]).toBeCloseTo(9, 2)
  })
})

it.each([
  ['t (2 - t)', 't * (2 - t)'],
  ['exp(-x (x - 2))', 'x * (x - 2)'],
])('says that %s calls a function, and what is a product', (text, product) => {
  expect(() => compileFormula(text, ['t', 'x'], 'drift')).toThrow(
    `expected ${product}: a bracket after a name`,
  )
})
