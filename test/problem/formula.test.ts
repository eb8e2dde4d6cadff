import { describe, expect, it } from 'vitest'
import { parseProblem } from '../../src/create/create-problem.ts'
import { normalCdf } from '../../src/exact/normal.ts'
import type { FormulaDensity } from '../../src/problem/densities/formula/formula.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import { Random } from '../../src/random/random.ts'

const ve = { kind: 've' }
const formula = (density: string, box?: number[][]) =>
  parseProblem({ process: ve, data: { kind: 'formula', density, ...(box && { box }) } })
const logDensity = (problem: ReturnType<typeof formula>, t: number, x: Float64Array) => {
  const out = new Float64Array(x.length / problem.dimension)
  problem.density.logDensity?.(t, x, out)
  return out
}

const line = {
  mixture: parseProblem({
    process: ve,
    data: { kind: 'mixture', weights: [0.3, 0.7], means: [-0.5, 1], stds: [0.1, 0.2] },
  }),
  formula: formula('0.3 / 0.1 * exp(-(x + 0.5)^2 / 0.02) + 0.7 / 0.2 * exp(-(x - 1)^2 / 0.08)'),
}
const plane = {
  mixture: parseProblem({
    process: ve,
    data: {
      kind: 'mixture',
      weights: [0.3, 0.7],
      means: [
        [-2, 0],
        [1, 1],
      ],
      stds: [0.5, 1],
    },
  }),
  formula: formula(
    '0.3 / 0.25 * exp(-((x1 + 2)^2 + x2^2) / 0.5) + 0.7 * exp(-((x1 - 1)^2 + (x2 - 1)^2) / 2)',
  ),
}

describe.each([
  ['on the line', line],
  ['in the plane', plane],
])('a Gaussian mixture written as a formula %s', (_where, { mixture, formula }) => {
  it.each([0, 1e-6, 1e-3, 0.1, 1, 20, 1e5])('has its log-density, score and denoiser at t = %d', (t) => {
    const x = sampleNoised(mixture, t, 100, new Random(4)).data as Float64Array
    const [a, b] = [logDensity(formula, t, x), logDensity(mixture, t, x)]
    a.forEach((value, i) => {
      expect(Math.abs(value - b[i])).toBeLessThan(1e-10)
    })
    for (const quantity of ['score', 'denoiser'] as const) {
      const [found, wanted] = [new Float64Array(x.length), new Float64Array(x.length)]
      formula.density[quantity](t, x, found)
      mixture.density[quantity](t, x, wanted)
      // a score cannot have more digits than x/t² has
      const scale = quantity === 'score' ? 1 / Math.max(Math.hypot(0.1, t), 0) + (t > 0 ? 1e-6 / t : 0) : 1
      found.forEach((value, i) => {
        expect(Math.abs(value - wanted[i])).toBeLessThan(1e-10 * (scale + Math.abs(wanted[i])))
      })
    }
  })

  it('has its moments', () => {
    expect(formula.density.moments.trace / mixture.density.moments.trace).toBeCloseTo(1, 12)
    formula.density.moments.mean.forEach((value, i) => {
      expect(value).toBeCloseTo(mixture.density.moments.mean[i], 12)
    })
  })
})

describe('a formula with corners and jumps on the line', () => {
  it('is resolved to rounding: Laplace and the uniform law, diffused in closed form', () => {
    const uniform = formula('x > 0 and x < 1 ? 5 : 0')
    const laplace = formula('exp(-abs(x))')
    const { moments } = uniform.density
    // comparisons in formulas are those of mathjs: equal within 1e-12, so the jump is there
    expect(moments.mean[0]).toBeCloseTo(0.5 - 5e-13, 14)
    expect(moments.trace).toBeCloseTo(1 / 12, 11)
    expect(laplace.density.moments.trace).toBeCloseTo(2, 12)
    expect(logDensity(uniform, 0, Float64Array.of(0.3))[0]).toBeCloseTo(1e-12, 14)
    for (const t of [1e-3, 0.2, 3])
      for (const x of [-0.5 * t, 0.4, 1, 1 + 2 * t]) {
        const wanted = Math.log(normalCdf(x / t) - normalCdf((x - 1 + 1e-12) / t))
        expect(Math.abs(logDensity(uniform, t, Float64Array.of(x))[0] - wanted)).toBeLessThan(1e-11)
      }
    expect(logDensity(laplace, 0, Float64Array.of(3))[0]).toBeCloseTo(-3 - Math.LN2, 12)
  })

  it('finds a narrow peak away from the origin', () => {
    const { moments } = formula('exp(-(x - 100)^2 / 0.02)').density
    expect(moments.mean[0]).toBeCloseTo(100, 12)
    expect(moments.trace / 0.01).toBeCloseTo(1, 11)
  })

  it('takes a box where the formula goes on', () => {
    const cut = formula('1 + x', [[0, 2]])
    expect(cut.density.moments.mean[0]).toBeCloseTo((2 + 8 / 3) / 4, 13)
    expect((cut.density as FormulaDensity).leaves.length).toBe(64)
  })

  it('gives the same samples for the same seed', () => {
    const draw = () => Array.from(line.formula.density.sample?.(50, new Random(9)) ?? [])
    expect(draw()).toEqual(draw())
    expect(new Set(draw()).size).toBe(50)
  })
})
