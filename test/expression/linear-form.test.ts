import { describe, expect, it } from 'vitest'
import { compileNode, formulaParts } from '../../src/expression/expression.ts'
import { linearForm } from '../../src/expression/linear-form.ts'

const read = (text: string, variables = ['x'], variable = variables[0]) =>
  linearForm(formulaParts(text, 'drift')[0], new Set(variables), variable)

describe('a drift as slope · x + constant, from its syntax tree', () => {
  it.each([
    ['x', '1', '0'],
    ['-x / 2', '-1/2', '0'],
    ['2 (3 - x)', '-2', '6'],
    ['sin(t) x + t', 'sin(t)', 't'],
    ['3 - (x - t^2) * exp(-t) / 4', '-exp(-t)/4', '3 + t^2 exp(-t)/4'],
    ['x^1 + 5 x^0', '1', '5'],
    ['t < 1 ? -x : 2 - 3 x', 't < 1 ? -1 : -3', 't < 1 ? 0 : 2'],
    ['+x * (t > 2 and t < 3)', 't > 2 and t < 3', '0'],
    ['max(t, 1) * x - abs(t - 2)', 'max(t, 1)', '-abs(t - 2)'],
    ['x - x', '0', '0'],
    ['cos(t)', '0', 'cos(t)'],
    ['-(0.1 + 19.9 t) x / 2', '-(0.1 + 19.9 t) / 2', '0'],
  ])('%s', (text, slope, constant) => {
    const form = read(text)
    for (const t of [0, 0.4, 1.7, 2.5, 6]) {
      const value = (node: ReturnType<typeof formulaParts>[number]) =>
        compileNode(node, ['t'], 'drift')({ t })
      expect(value(form?.slope as never)).toBeCloseTo(value(formulaParts(slope, 'slope')[0]), 13)
      expect(value(form?.constant as never)).toBeCloseTo(value(formulaParts(constant, 'constant')[0]), 13)
    }
  })

  it.each([
    'x > 3500 ? -(x - 3500) : 0',
    '-x - 20 (x - 4) exp(-20 (x - 4)^2)',
    '-x + 1e-12 x^3',
    'x * x / x',
    'x^2',
    'x^t',
    '1 / x',
    't / (1 + x)',
    'abs(x)',
    'max(x, -1e9)',
    'min(x, 1e9)',
    'mod(x, 1e6)',
    '-x + (x > 1e4)',
    '-x + (0 < x < 1e-9)',
    'sin(x)',
    'floor(x) + x',
    'x and t',
  ])('is not seen in %s', (text) => expect(read(text)).toBeNull())

  it('of one coordinate is free of the others', () => {
    const variables = ['x1', 'x2']
    expect(read('t - x1 / 2', variables)?.slope.toString()).toBe('-0.5')
    expect(read('0 x2 - 0.5 x1', variables)?.slope.toString()).toBe('-0.5')
    expect(read('x2 - x1', variables)).toBeNull()
    expect(read('x1 x2', variables)).toBeNull()
    expect(read('x1', variables, 'x2')).toBeNull()
  })
})
