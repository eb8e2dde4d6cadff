import { describe, expect, it } from 'vitest'
import { factorBand, linear, quintic } from '../../src/numeric/interpolation/splines.ts'
import { evaluateExtended, tensorSpline } from '../../src/numeric/interpolation/tensor-spline.ts'
import { nodeCoordinates, uniformGrid } from '../../src/numeric/uniform-grid.ts'
import { Random } from '../../src/random/random.ts'
import { observedOrder } from '../characteristics/observed-order.ts'

const low = [-2, -1, -1.5]
const high = [3, 1.5, 1]

function spline(d: number, nodes: number, basis: typeof quintic, f: (y: number[], m: number) => number) {
  const grid = uniformGrid(Float64Array.from(low.slice(0, d)), Float64Array.from(high.slice(0, d)), nodes)
  const y = nodeCoordinates(grid)
  const values = y.map((_, at) => f(Array.from(y.slice(at - (at % d), at - (at % d) + d)), at % d))
  return tensorSpline(grid, values, basis)
}

function randomPoints(d: number, count: number): Float64Array {
  const random = new Random(3)
  return Float64Array.from({ length: count * d }, (_, at) => {
    const i = at % d
    return low[i] + (high[i] - low[i]) * random.uniform()
  })
}

function largestError(d: number, nodes: number, basis: typeof quintic): number {
  const wave = (y: number[], m: number) =>
    Math.sin(y.reduce((sum, v, i) => sum + (1 + 0.3 * i + 0.2 * m) * v, 0))
  const { evaluate } = spline(d, nodes, basis, wave)
  const y = randomPoints(d, 500)
  const value = new Float64Array(d)
  let largest = 0
  for (let row = 0; row < y.length; row += d) {
    evaluate(y, row, value, new Float64Array(d * d))
    for (let m = 0; m < d; m++)
      largest = Math.max(largest, Math.abs(value[m] - wave(Array.from(y.slice(row, row + d)), m)))
  }
  return largest
}

describe('tensor splines', () => {
  it.each([1, 2, 3])('of degree 5 have order 6 up to the boundary in %d-D', (d) => {
    const nodes = d === 3 ? [13, 25] : [25, 49]
    const errors = nodes.map((count) => largestError(d, count, quintic))
    const order = observedOrder(
      nodes.map((count) => count - 1),
      errors,
    )
    expect(order).toBeGreaterThan(5.8)
  })

  it('of degree 1 have order 2', () => {
    const errors = [101, 201].map((count) => largestError(2, count, linear))
    expect(observedOrder([100, 200], errors)).toBeCloseTo(2, 1)
  })

  it.each([1, 2, 3])('of degree 5 reproduce polynomials of degree 5 and their derivatives in %d-D', (d) => {
    const polynomial = (y: number[], m: number) =>
      y.reduce((sum, v, i) => sum + (v ** 5 - (m + 1) * v ** 2) * (i + 1), 1)
    const { evaluate } = spline(d, 9, quintic, polynomial)
    const y = randomPoints(d, 50)
    const value = new Float64Array(d)
    const jacobian = new Float64Array(d * d)
    for (let row = 0; row < y.length; row += d) {
      evaluate(y, row, value, jacobian)
      for (let m = 0; m < d; m++) {
        expect(value[m]).toBeCloseTo(polynomial(Array.from(y.slice(row, row + d)), m), 9)
        for (let i = 0; i < d; i++)
          expect(jacobian[m * d + i]).toBeCloseTo(
            (5 * y[row + i] ** 4 - 2 * (m + 1) * y[row + i]) * (i + 1),
            8,
          )
      }
    }
  })

  it.each([linear, quintic])('continue linearly outside their grid (degree $degree)', (basis) => {
    const affine = spline(2, 9, basis, (y, m) => 1 + 2 * y[0] - (3 + m) * y[1])
    const y = Float64Array.of(-7, 0.2, 4, 9)
    evaluateExtended(affine, y)
    expect(Array.from(y)).toEqual([-13.6, -13.8, -18, -27].map((value) => expect.closeTo(value, 9)))
  })
})

describe('factorBand', () => {
  it('solves systems that need pivoting', () => {
    const n = 12
    const random = new Random(5)
    const matrix = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => (Math.abs(i - j) > 2 || i === j ? 0 : random.normal())),
    )
    const rows = matrix.map((row, i) => {
      const first = Math.max(0, i - 2)
      return { first, values: row.slice(first, i + 3) }
    })
    const solution = Float64Array.from({ length: n }, () => random.normal())
    const rhs = Float64Array.from(matrix, (row) =>
      row.reduce((sum, value, j) => sum + value * solution[j], 0),
    )
    factorBand(rows, 2)(rhs)
    rhs.forEach((value, i) => {
      expect(value).toBeCloseTo(solution[i], 9)
    })
  })
})
