import fc from 'fast-check'
import { parse } from 'mathjs/number'
import { describe, expect, it } from 'vitest'
import { polluted } from '../../bench/fuzz/fuzz.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { compileVector } from '../../src/expression/closure.ts'
import { compileFormula } from '../../src/expression/expression.ts'
import { escapes } from './escapes.ts'

const SECONDS = 1
const all = Object.values(escapes).flat()

/** Runs something that must throw an InputError soon. */
function refused(run: () => unknown): void {
  const start = process.cpuUsage()
  expect(run).toThrow(InputError)
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(SECONDS)
}

describe.each(Object.entries(escapes))('%s', (_, texts) => {
  it.each(texts.map((text) => [text.slice(0, 60), text]))('refuses %s', (_start, text) => {
    for (const formula of [text, `x + ${text}`, `sin(${text})`])
      refused(() => compileFormula(formula, ['t', 'x'], 'score'))
    expect(polluted()).toEqual([])
  })
})

describe('as parts of a problem file', () => {
  it.each(Object.keys(escapes))('%s', (family) => {
    for (const text of escapes[family]) {
      const data = { kind: 'gaussian', mean: [0], covariance: [[1]] }
      refused(() => parseProblem({ process: { kind: 'custom', drift: text, sigma: '1' }, data }))
      refused(() => parseProblem({ process: { kind: 'custom', drift: '-x', sigma: text }, data }))
      refused(() => parseProblem({ process: { kind: 've' }, data: { kind: 'expression', score: text } }))
    }
  })
})

it('nothing that a formula does at some values only is more than a number or an InputError', () => {
  const names = [
    'round',
    'floor',
    'ceil',
    'mod',
    'log',
    'pow',
    'atan2',
    'max',
    'hypot',
    'cbrt',
    'erf',
    'abs',
    'sign',
  ]
  const number = fc.oneof(fc.constantFrom('x', 't', '15 t', '0', '-1', '1e308', '5e-324', 'x/0'))
  const part = fc
    .tuple(fc.constantFrom(...names), fc.array(number, { minLength: 1, maxLength: 3 }))
    .map(([name, args]) => `${name}(${args.join(', ')})`)
  const formula = fc.tuple(part, part, part).map(([a, b, c]) => `${a} > 0 ? ${b} : ${c}`)
  fc.assert(
    fc.property(formula, fc.double(), fc.double(), (text, t, x) => {
      for (const make of [
        () => compileVector(parse(text), ['t', 'x'], 'drift')([t, x]),
        () => compileFormula(text, ['t', 'x'], 'drift')({ t, x }),
      ])
        try {
          expect(typeof make()).toBe('number')
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
    }),
    { numRuns: 2000 },
  )
})

it('the longest sum that is allowed can be evaluated, and a longer one is refused', () => {
  const sum = (terms: number) => Array(terms).fill('x').join('+')
  expect(compileFormula(sum(1000), ['x'], 'score')({ x: 2 })).toBe(2000)
  expect(compileVector(parse(sum(1000)), ['x'], 'drift')([2])).toBe(2000)
  refused(() => compileFormula(sum(1002), ['x'], 'score'))
})

it('there are many of them, and none twice', () => {
  expect(all.length).toBeGreaterThan(170)
  expect(new Set(all).size).toBe(all.length)
})
