import { describe, expect, it } from 'vitest'
import { withDerivative } from '../../src/expression/with-derivative.ts'

const tower = (n: number) => Array(n).fill('t').join('^')

/** By Richardson's extrapolation of central differences. */
function difference(f: (t: number) => number, t: number): number {
  const central = (h: number) => (f(t + h) - f(t - h)) / (2 * h)
  return (4 * central(5e-4) - central(1e-3)) / 3
}

describe('the derivative of', () => {
  it.each([
    // every function of one number, where it has a derivative
    ...'abs acos asin asinh atan atanh cbrt cos cosh cube erf exp expm1 hypot log log10 log1p log2 sin sinh sqrt square tan tanh'
      .split(' ')
      .map((name) => `${name}(0.3 t^2 + 0.1)`),
    'acosh(1 + t)',
    'abs(-t)',
    'hypot(-t)',
    '-t^3 + +t',
    't - 2/t',
    'exp(t)/(1 + t^2)',
    '(2 + sin(t))^cos(t)',
    '2^t',
    'pow(t, 3)',
    '(t - 3)^3',
    '(t - 3)^(-2)',
    '(t - 3)^0',
    'atan2(t^2, 1 - t)',
    'atan2(-t, -1)',
    'hypot(t, 2, t^2)',
    'log(t + 1, 2 + t)',
    'pi * e * t',
    tower(14),
    tower(20),
    tower(200),
    tower(900),
    Array(12).fill('sin(t)').join('*'),
    `${'sin('.repeat(100)}t${')'.repeat(100)}`,
  ])('%s is that of differences, in a moment', (text) => {
    const start = process.cpuUsage()
    const { value, rate } = withDerivative(text, 'x')
    for (const t of [0.63, 0.871]) {
      const exact = rate(t)
      expect(Math.abs(exact - difference(value, t))).toBeLessThan(1e-8 * (1 + Math.abs(exact)))
    }
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(1)
  })

  it.each([
    // a factor that does not change, beside one that is not finite
    ['0 * t', 0, 0],
    ['sqrt(t) * 0', 0, Number.NaN],
    ['t^1', 0, 1],
    ['t^2', 0, 0],
    ['1 - sin(t)', 0, -1],
    ['sqrt(t)', 0, Infinity],
    ['abs(t)', 0, 0],
  ])('%s at %d is %d', (text, t, expected) => {
    expect(withDerivative(text, 'x').rate(t)).toBe(expected)
  })

  it('a formula with a second time is that by the first', () => {
    const { value, rate } = withDerivative('(u - t)^2 + cos(u t) / (1 + u)', 'x', true)
    const exact = rate(0.6, 0.2)
    expect(exact).toBeCloseTo(
      difference((t) => value(t, 0.2), 0.6),
      9,
    )
    expect(exact).toBeCloseTo(2 * 0.4 - (0.2 * Math.sin(0.12)) / 1.2, 14)
  })

  it.each([
    ...'ceil floor max min round sign'.split(' ').map((name) => `t + ${name}(t)`),
    'max(t, 1)',
    'mod(t, 2)',
    't < 1 ? t : 1',
    '(0 < t < 1) * t',
    't * (t > 1)',
    'not t',
  ])('%s, which has jumps or corners, is refused', (text) => {
    expect(() => withDerivative(text, 'x')).toThrow(
      /^x is "[^"]+"; expected a formula that can be differentiated, without conditions, comparisons, jumps and corners\.$/,
    )
  })

  it('a formula that cannot be evaluated is refused', () => {
    for (const text of ['sin()', 'sin(1, 2)', 'x', '[t, t]', tower(1200)])
      expect(() => withDerivative(text, 'x')).toThrow(expect.objectContaining({ name: 'InputError' }))
  })
})
