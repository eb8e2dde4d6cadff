import { describe, expect, it } from 'vitest'
import { TableKernel } from '../../src/kernels/table.ts'
import { quintic, splineCoefficients } from '../../src/numeric/interpolation/splines.ts'
import { tensorSpline } from '../../src/numeric/interpolation/tensor-spline.ts'
import { nodeCoordinates, uniformGrid } from '../../src/numeric/uniform-grid.ts'
import { Random } from '../../src/random/random.ts'

/** A map of [0, 1]^d that bends and turns, with a positive determinant. */
function bent(z: Float64Array, d: number): Float64Array {
  return z.map((value, i) => {
    const next = z[i - (i % d) + ((i + 1) % d)]
    return value + 0.3 * Math.sin(2.1 * value + 0.4 * (i % d)) + (d > 1 ? 0.2 * Math.sin(2.7 * next) : 0)
  })
}

function makeTable(d: number, nodes: number) {
  const grid = uniformGrid(new Float64Array(d), new Float64Array(d).fill(1), nodes)
  const images = bent(nodeCoordinates(grid), d)
  const coefficients = splineCoefficients(quintic, images, nodes, d, d)
  const spline = tensorSpline(grid, images, quintic)
  return { kernel: new TableKernel({ dimension: d, nodes, images, coefficients }), spline }
}

describe.each([1, 2, 3])('the inversion of a spline in %d-D', (d) => {
  const nodes = 11
  const { kernel, spline } = makeTable(d, nodes)
  const random = new Random(3)
  // more than one block of rows, and not a whole number of them
  const z = Float64Array.from({ length: 1501 * d }, () => 0.02 + 0.96 * random.uniform())
  const y = new Float64Array(z.length)
  const [value, jacobian] = [new Float64Array(d), new Float64Array(d * d)]
  for (let row = 0; row < z.length; row += d) {
    spline.evaluate(z, row, value, jacobian)
    y.set(value, row)
  }

  it('finds the points that the spline took there', () => {
    const u = y.slice()
    expect(kernel.invert(u)).toBe(0)
    for (let i = 0; i < u.length; i++) expect(Math.abs(u[i] / (nodes - 1) - z[i])).toBeLessThan(1e-9)
  })

  it('gives a row the same bits whatever stands beside it', () => {
    const all = y.slice()
    kernel.invert(all)
    const alone = y.slice(700 * d, 701 * d)
    kernel.invert(alone)
    expect(alone).toEqual(all.slice(700 * d, 701 * d))
  })

  it('says which rows have none', () => {
    const u = y.slice(0, 3 * d).fill(40, d, 2 * d)
    expect(kernel.invert(u)).toBe(1)
    expect(Array.from([0, d, 2 * d], (row) => Number.isNaN(u[row]))).toEqual([false, true, false])
    const outside = new Float64Array(d).fill(40)
    expect(kernel.invertAround(outside, 0)).toBe(false)
    const nan = new Float64Array(d).fill(Number.NaN)
    expect(kernel.invert(nan)).toBe(1)
  })
})
