import { parse } from 'mathjs/number'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { compileVector } from '../../src/expression/closure.ts'
import { compileFormula } from '../../src/expression/expression.ts'

describe('a formula as closures', () => {
  it.each([
    'x - x^3 + 0.1 sin(t)',
    'x > 0 ? -x : min(x, 2)',
    '0 < x < 1 ? 1 : 2',
    'mod(x, 3) + round(x, 2) * hypot(x, 3)',
    'not (x > 0) and t < 1',
    '-x^2 + e * pi - +x',
    'log(x + 5, 3) + log(x + 5)',
    'atan2(x, t) + cbrt(x) + erf(x) + sign(x)',
    'x == 1 or x != 0',
    '2 x t / (1 + abs(x)) ^ 1.5',
    'pow(x, 2) + square(x) + cube(x) + sqrt(abs(x))',
    'expm1(x) + log1p(abs(x)) + max(x, t, 1) + floor(x) + ceil(x)',
  ])('%s has the values of mathjs', (text) => {
    const own = compileVector(parse(text), ['t', 'x'], 'formula')
    const known = compileFormula(text, ['t', 'x'], 'formula')
    for (const x of [-2, -0.3, 0, 1, 1.7, 40])
      for (const t of [0, 0.3]) {
        const wanted = known({ t, x })
        expect(Math.abs(own([t, x]) - wanted)).toBeLessThanOrEqual(1e-14 * (1 + Math.abs(wanted)))
      }
  })

  it('refuses what other formulas refuse', () => {
    for (const text of ['y', 'f(x) = x', '[1, 2]', 'import("fs")'])
      expect(() => compileVector(parse(text), ['x'], 'drift')).toThrow(InputError)
  })
})
