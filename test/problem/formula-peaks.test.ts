import { describe, expect, it } from 'vitest'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exactMap } from '../../src/exact/exact.ts'
import { Random } from '../../src/random/random.ts'

const ve = { kind: 've' }
const formula = (density: string, box?: number[][]) =>
  parseProblem({ process: ve, data: { kind: 'formula', density, ...(box && { box }) } })

describe('narrow peaks of a formula in a wide box', () => {
  it('are found beside a wide one', () => {
    const { density } = formula('exp(-x^2/2) + 200 exp(-((x - 0.7137)/1e-3)^2)', [[-12, 12]])
    // by quadrature of both parts with 40 digits
    const wanted = [-1.41101505, -0.31142973, 0.33720065, 0.71309373, 1.32446546]
    exactMap(density)?.(1, Float64Array.of(-2, -0.5, 0.3, 0.8, 2)).forEach((value, i) => {
      expect(Math.abs(value - wanted[i])).toBeLessThan(1e-8)
    })
  })

  it('are those of mixtures, at random places and of random widths', () => {
    const random = Random.stream(1, 'peaks')
    const between = (low: number, high: number) => low + (high - low) * random.uniform()
    for (let k = 0; k < 12; k++) {
      const size = 10 ** between(0, 3)
      const stds = [0, 1].map(() => Math.min(10 ** between(-4, 0), size / 30))
      const means = stds.map((std) => between(-size / 2 + 12 * std, size / 2 - 12 * std))
      const small = 10 ** between(-5, 0) / 2
      const weights = [small, 1 - small]
      const text = means.map(
        (mean, i) => `${weights[i] / stds[i]} exp(-((x - (${mean})) / ${stds[i]})^2 / 2)`,
      )
      const mixture = parseProblem({
        process: ve,
        data: { kind: 'mixture', weights, means: means.map((mean) => [mean]), stds },
      }).density
      const { scale } = mixture.moments
      const x = Float64Array.from({ length: 6 }, (_, i) => means[i % 2] + scale * random.normal())
      const found = exactMap(formula(text.join(' + '), [[-size / 2, size / 2]]).density)?.(scale, x)
      const wanted = exactMap(mixture)?.(scale, x) ?? x
      found?.forEach((value, i) => {
        expect(Math.abs(value - wanted[i])).toBeLessThan(1e-8 * scale)
      })
    }
  })

  it('are found without a box, far from the origin', () => {
    const { density, process } = formula('exp(-((x - 54321.5) / 1e-3)^2 / 2)')
    const { moments } = density
    // so far that the data are centred
    expect(Math.abs(moments.mean[0] + (process.centre?.[0] ?? 0) - 54321.5)).toBeLessThan(1e-9)
    expect(moments.trace / 1e-6).toBeCloseTo(1, 6)
  })

  it('are found in the plane', () => {
    const { moments } = formula('exp(-((x1 - 31.7)^2 + (x2 + 12.3)^2) / 2e-4)', [
      [-100, 100],
      [-100, 100],
    ]).density
    expect(moments.mean[0]).toBeCloseTo(31.7, 9)
    expect(moments.mean[1]).toBeCloseTo(-12.3, 9)
    expect(moments.trace / 2e-4).toBeCloseTo(1, 8)
  })
})

describe('narrow walls of a formula in the plane', () => {
  it('are seen all along them', () => {
    const { density } = formula('(exp(-x1^2/2) + 500*exp(-((x1-0.3)/1e-3)^2)) * exp(-(x2-1)^2)', [
      [-6, 6],
      [-6, 8],
    ])
    const parts = [
      { weight: Math.sqrt(2 * Math.PI), mean: 0, variance: 1 },
      { weight: 0.5 * Math.sqrt(Math.PI), mean: 0.3, variance: 5e-7 },
    ]
    for (const [t, x1, x2] of [
      [1, 1.5, 2],
      [0.3, 1, 1.7],
      [0.5, -0.2, 0.5],
    ]) {
      let [sum, first] = [0, 0]
      for (const { weight, mean, variance } of parts) {
        const v = variance + t * t
        const share = (weight * Math.exp(-((x1 - mean) ** 2) / (2 * v))) / Math.sqrt(v)
        sum += share
        first += share * (mean + (variance / v) * (x1 - mean))
      }
      const found = new Float64Array(2)
      density.denoiser(t, Float64Array.of(x1, x2), found)
      expect(found[0]).toBeCloseTo(first / sum, 10)
      expect(found[1]).toBeCloseTo(1 + (0.5 / (0.5 + t * t)) * (x2 - 1), 10)
    }
  })
})

describe('the peaks of a formula are parts that samples are drawn from', () => {
  const line = 'exp(-x^2 / 2) + 1e-4 * exp(-((x - 60) / 2)^2 / 2)'
  const plane = 'exp(-((x1 - 2)^2 + x2^2) / 2) + 1e-3 * exp(-((x1 + 5)^2 + (x2 - 4)^2) * 50)'

  it.each([
    ['on the line', line, [[0], [60]], [1, 2], 2e-4 / (1 + 2e-4)],
    [
      'in the plane',
      plane,
      [
        [2, 0],
        [-5, 4],
      ],
      [1, 0.1],
      1e-5 / (1 + 1e-5),
    ],
  ])('%s', (_, text, means, stds, rare) => {
    const { strata, dimension: d, sample, logDensity } = formula(text).density
    const masses = Array.from(strata?.masses ?? [])
    expect(masses).toHaveLength(2)
    const part = masses[0] < masses[1] ? 0 : 1
    expect(masses[part] / rare).toBeCloseTo(1, 5)
    expect(strata?.spreads.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
    const rows = strata?.draw(new Int32Array(400).fill(part), new Random(3)) as Float64Array
    for (let i = 0; i < d; i++) {
      const values = Array.from({ length: 400 }, (_, row) => (rows[row * d + i] - means[1][i]) / stds[1])
      expect(Math.abs(values.reduce((a, b) => a + b, 0) / 400)).toBeLessThan(0.2)
      expect(Math.max(...values.map(Math.abs))).toBeLessThan(8)
    }
    // with other shares the parts are a mixture with other weights
    const shares = Float64Array.of(0.5, 0.5)
    const mixed = parseProblem({ process: ve, data: { kind: 'mixture', weights: [0.5, 0.5], means, stds } })
    const x = (sample as NonNullable<typeof sample>)(30, new Random(4))
    for (const [k, value] of rows.subarray(0, 10 * d).entries()) x[k] = value
    const [own, wanted, plain, whole] = Array.from({ length: 4 }, () => new Float64Array(30))
    for (const t of [0, 0.3, 5]) {
      strata?.logDensity?.(shares, t, x, own)
      mixed.density.logDensity?.(t, x, wanted)
      own.forEach((value, row) => {
        expect(Math.abs(value - wanted[row])).toBeLessThan(1e-6)
      })
      strata?.logDensity?.(Float64Array.from(masses), t, x, plain)
      logDensity?.(t, x, whole)
      plain.forEach((value, row) => {
        expect(Math.abs(value - whole[row])).toBeLessThan(1e-12)
      })
    }
  })

  it('where there is more than one', () => {
    for (const text of ['exp(-x^2/2)', 'exp(-(x1^2 + 0.9*x1*x2 + 5*x2^2)/2)', 'x > 1 ? exp(-x) : 0'])
      expect(formula(text).density.strata).toBeUndefined()
    expect(formula('(1 + cos(4*x)) * exp(-x^2/8)', [[-6, 6]]).density.strata?.masses.length).toBeGreaterThan(
      5,
    )
  })
})
