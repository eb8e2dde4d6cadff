import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/create/create-problem.ts'
import { TIME_FEATURES, writeTimeFeatureRates, writeTimeFeatures } from '../../src/nn/architecture.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { multiplyRows, transposed } from '../../src/numeric/matrix.ts'
import { Random } from '../../src/random/random.ts'

const { density } = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.3, 0.7],
    means: [
      [-2, 1, 0],
      [1, 0, 0.5],
    ],
    stds: [
      [0.4, 0.5, 0.2],
      [0.3, 0.1, 0.9],
    ],
  },
})
const coordinates = gaussianCoordinates(density.moments)

describe('Gaussian-skip coordinates', () => {
  it('are undone by toX, with one time or one a row', () => {
    const random = new Random(1)
    const x = Float64Array.from({ length: 30 }, () => 3 * random.normal())
    const times = Float64Array.from({ length: 10 }, (_, i) => 0.3 * i ** 2)
    const y = new Float64Array(30)
    const back = new Float64Array(30)
    for (const t of [0, 2.5, times]) {
      coordinates.toY(t, x, y)
      coordinates.toX(t, y, back)
      for (let i = 0; i < 30; i++) expect(back[i]).toBeCloseTo(x[i], 12)
    }
    coordinates.toY(0, x, y)
    coordinates.toMap(y, back)
    for (let i = 0; i < 30; i++) expect(back[i]).toBeCloseTo(x[i], 12)
  })

  it('have mean 0 and covariance I at every time', () => {
    const random = new Random(2)
    const n = 40_000
    for (const t of [0, 1, 30]) {
      const x = density.sample?.(n, random) ?? new Float64Array()
      for (let i = 0; i < x.length; i++) x[i] += t * random.normal()
      const y = new Float64Array(x.length)
      coordinates.toY(t, x, y)
      for (let j = 0; j < 3; j++)
        for (let k = 0; k <= j; k++) {
          let sum = 0
          let product = 0
          for (let i = 0; i < n; i++) {
            sum += y[3 * i + j] / n
            product += (y[3 * i + j] * y[3 * i + k]) / n
          }
          // five standard errors
          expect(Math.abs(sum)).toBeLessThan(5 / Math.sqrt(n))
          expect(Math.abs(product - (j === k ? 1 : 0))).toBeLessThan(10 / Math.sqrt(n))
        }
    }
  })
})

describe('time features', () => {
  it('have the rates of central differences', () => {
    const at = (theta: number) => {
      const out = new Float32Array(TIME_FEATURES)
      writeTimeFeatures(Math.sin(theta), Math.cos(theta), out, 0)
      return out
    }
    const rates = new Float32Array(TIME_FEATURES)
    // the features are stored in float32: the step is large, and what is left is h²/6 times a third derivative
    const h = 2e-3
    for (const theta of [0.02, 0.3, 0.9, 1.5]) {
      writeTimeFeatureRates(Math.sin(theta), Math.cos(theta), rates, 0)
      const [ahead, behind] = [at(theta + h), at(theta - h)]
      for (let k = 0; k < TIME_FEATURES; k++)
        expect(Math.abs((ahead[k] - behind[k]) / (2 * h) - rates[k])).toBeLessThan(2e-3)
    }
  })
})

describe('row products', () => {
  it('are the sums they stand for, for any number of rows', () => {
    const random = new Random(3)
    const M = Float64Array.from({ length: 9 }, () => random.normal())
    for (const n of [1, 4, 7]) {
      const x = Float64Array.from({ length: 3 * n }, () => random.normal())
      const out = new Float64Array(3 * n)
      multiplyRows(M, 3, x, out)
      for (let row = 0; row < n; row++)
        for (let i = 0; i < 3; i++) {
          const sum = [0, 1, 2].reduce((total, j) => total + M[3 * i + j] * x[3 * row + j], 0)
          expect(out[3 * row + i]).toBeCloseTo(sum, 14)
        }
    }
    expect(transposed(transposed(M, 3), 3)).toEqual(M)
    expect(transposed(M, 3)[1]).toBe(M[3])
  })
})
