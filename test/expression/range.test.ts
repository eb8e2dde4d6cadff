import { describe, expect, it } from 'vitest'
import { compileNode, formulaParts } from '../../src/expression/expression.ts'
import { breakTimes, timeFormula } from '../../src/expression/range/breaks.ts'
import { compileRange } from '../../src/expression/range/compile-range.ts'
import { Random } from '../../src/random/random.ts'

const node = (text: string) => formulaParts(text, 'formula')[0]
const formula = (text: string) => timeFormula(node(text), 'formula')

const FORMULAS = [
  '2 - 3 t + t^2',
  't * (1 - t) / (2 + t)',
  '1 / (t - 3)',
  'exp(-((t - 2) / 0.3)^2)',
  'e^(-t / 2) + pi',
  '1 / (1 + ((t - 2) / 0.1)^2)',
  'sin(5 t) + cos(t)^3 - tan(t)',
  'sqrt(t) + cbrt(t - 2) + log(t) + log10(t) + log2(t) + log1p(t)',
  'tanh((t - 2) / 0.1) + sinh(t) - cosh(t - 2) + expm1(-t)',
  'asinh(t) + acosh(1 + t) + atan(t - 2) + atanh(t / 6) + asin(t / 6) - acos(t / 6)',
  'erf(t - 2) + cube(t - 2) + square(t - 2) + (t - 2)^-2 + t^1.5 + t^-0.5',
  't^t + pow(t, 3) + log(t, 3)',
  'abs(t - 2) + sign(t - 3) + floor(t) + ceil(t) + round(2 t) + round(t, 1)',
  'mod(t, 0.7) + max(t, 2, 4 - t) + min(t, 1) + hypot(t - 2, 1) + hypot(t - 2)',
  'atan2(t - 2, t - 3) + atan2(1, t - 2)',
  't < 2 ? t : t > 3 ? 7 : -t^2',
  '(1 < t < 2) + (t <= 3) * (t >= 1.5) + (not (t != 2)) + (t == 1)',
  '(t > 1 and t < 2) or t > 3 ? sin(t) : 0',
  '(t - 2) and (t < 3)',
]

describe('the range of a formula in t', () => {
  it.each(FORMULAS)('%s holds all values and slopes', (text) => {
    const value = compileNode(node(text), ['t'], 'formula')
    const range = compileRange(node(text))
    const random = new Random(3)
    for (let trial = 0; trial < 60; trial++) {
      const from = 0.01 + 4 * random.uniform()
      const to = from + 1.5 * random.uniform() ** 4
      const { low, high, falling, rising, smooth } = range(from, to)
      const times = Array.from({ length: 11 }, (_, k) => from + ((to - from) * (k + 0.5)) / 11)
      const values = times.map((t) => value({ t }))
      const rounding = 1e-9 * (1 + Math.max(...values.map(Math.abs)))
      let wrong = 0
      values.forEach((own, k) => {
        if (Number.isNaN(own)) {
          if (smooth) wrong++
          return
        }
        if (own < low - rounding || own > high + rounding) wrong++
        if (!smooth || k === 0) return
        const slope = (own - values[k - 1]) / (times[k] - times[k - 1])
        const margin = rounding / (times[k] - times[k - 1])
        if (slope < falling - margin || slope > rising + margin) wrong++
      })
      expect(wrong).toBe(0)
    }
  })

  it('narrows to the value', () => {
    for (const text of FORMULAS.slice(0, 12)) {
      const { low, high } = compileRange(node(text))(1.3, 1.3 + 1e-9)
      const value = compileNode(node(text), ['t'], 'formula')({ t: 1.3 })
      expect(high - low).toBeLessThan(1e-6)
      expect(value).toBeCloseTo(low, 6)
    }
  })
})

describe('times that no step should go across', () => {
  it.each([
    ['t < 5 ? 1 : 2', [5]],
    ['abs(t - 2) + max(t, 7.5)', [2, 7.5]],
    ['floor(t / 3)', [3, 6, 9]],
    ['sign(t^2 - 2)', [Math.SQRT2]],
    ['2.5 < t < 2.5000001 ? 1 : 0', [2.5, 2.5000001]],
  ])('%s', (text, wanted) => {
    const found = breakTimes([formula(text)], 0, 10) ?? []
    for (const t of wanted) expect(Math.min(...found.map((at) => Math.abs(at - t)))).toBeLessThan(1e-14 * 10)
    for (const t of found) expect(Math.min(...wanted.map((at) => Math.abs(at - t)))).toBeLessThan(1.25)
  })

  it.each([
    ['exp(-((t - 4.321) / 0.0003)^2)', 4.321, 0.0003],
    ['1 + 0.1 exp(-((t - 4.321) / 1e-6)^2)', 4.321, 1e-6],
    ['1 / (1 + ((t - 1.7) / 1e-4)^2)', 1.7, 1e-4],
    ['sin(t) + tanh((t - 6) / 1e-5)', 6, 1e-5],
    ['exp(-abs(t - 3) / 1e-5)', 3, 1e-5],
    ['1 / cosh((t - 8.8) / 1e-3)^2', 8.8, 1e-3],
  ])('%s: ends near the pulse, of its width', (text, place, width) => {
    const found = breakTimes([formula(text)], 0, 10) ?? []
    const near = found.filter((t) => Math.abs(t - place) < 6 * width)
    expect(near.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThan(250)
  })

  it.each(['2', 't', '-(0.1 + 19.9 t) / 2', 'sqrt(2 t)', 'exp(-t)', 'sin(t)', '1 / (1 + t)', 't * (10 - t)'])(
    '%s has none',
    (text) => expect(breakTimes([formula(text)], 0, 10)).toEqual([]),
  )

  it('are not listed without end', () => {
    expect(breakTimes([formula('sin(1e6 t)')], 0, 10)).toBeNull()
    expect(breakTimes([formula('floor(1e5 t)')], 0, 10)).toBeNull()
  })
})
