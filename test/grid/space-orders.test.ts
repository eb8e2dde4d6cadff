import { describe, expect, it } from 'vitest'
import { type SchemeName, schemes } from '../../solvers/grid/schemes/index.ts'
import type { Scheme } from '../../solvers/grid/schemes/scheme.ts'
import { cube } from '../../src/numeric/uniform-grid.ts'
import { observedOrder } from '../characteristics/observed-order.ts'

const EXTENT = 1.5
const SPREAD = 0.5
const TURN = 0.35
const CENTRE = [0.2, -0.1, 0.1]

/** Components that grow at different rates along the axes, without an extremum or an inflection. */
function growing(y: Float64Array, d: number, rate: number): Float64Array {
  const along = [0.9, 0.6, 0.7]
  return y.map((_, at) => {
    const row = at - (at % d)
    let exponent = 0.1 * (at % d)
    for (let i = 0; i < d; i++) exponent += rate * along[i] * y[row + i]
    return Math.exp(exponent)
  })
}

/** v of a flow that spreads from a centre and turns about it in the first two axes: it leaves through every face. */
function spreading(d: number) {
  return (_: number, y: Float64Array, out: Float64Array) => {
    for (let row = 0; row < y.length; row += d)
      for (let i = 0; i < d; i++) {
        const turn = i === 0 ? -TURN : i === 1 ? TURN : 0
        const across = i < 2 ? y[row + 1 - i] - CENTRE[1 - i] : 0
        out[row + i] = SPREAD * (y[row + i] - CENTRE[i]) + turn * across
      }
  }
}

/** Where the points were, `time` before. */
function spreadBack(y: Float64Array, d: number, time: number): Float64Array {
  const shrink = Math.exp(-SPREAD * time)
  const [cosine, sine] = [Math.cos(TURN * time), Math.sin(TURN * time)]
  const back = y.slice()
  for (let row = 0; row < y.length; row += d) {
    const [x, z] = [y[row] - CENTRE[0], y[row + 1] - CENTRE[1]]
    back[row] = CENTRE[0] + shrink * (cosine * x + sine * z)
    back[row + 1] = CENTRE[1] + shrink * (cosine * z - sine * x)
    for (let i = 2; i < d; i++) back[row + i] = CENTRE[i] + shrink * (y[row + i] - CENTRE[i])
  }
  return back
}

/** The root mean square error at nodes in the middle that all grids have, multiples of 0.3 up to `reach`. */
function errorInside(nodes: Float64Array, f: Float64Array, truth: Float64Array, d: number, reach = 0.3) {
  let sum = 0
  let count = 0
  for (let row = 0; row < f.length; row += d) {
    const place = nodes.subarray(row, row + d)
    if (!place.every((y) => Math.abs(y) < reach + 1e-9 && Math.abs(y / 0.3 - Math.round(y / 0.3)) < 1e-9))
      continue
    for (let i = row; i < row + d; i++) sum += (f[i] - truth[i]) ** 2
    count++
  }
  return Math.sqrt(sum / count)
}

/** A short step, so that what comes from the faces has not arrived. */
function spreadingError(scheme: Scheme, d: number, cells: number, rate: number): number {
  const time = 0.01
  const { nodes, step } = scheme.discretise(cube(d, EXTENT, cells + 1), spreading(d))
  const f = growing(nodes, d, rate)
  step(f, 0, time)
  return errorInside(nodes, f, growing(spreadBack(nodes, d, time), d, rate), d)
}

/** All points move by the same way along every axis, a third of a cell of the coarsest grid. In the middle, far from the ends of the spline. */
function shiftError(scheme: Scheme, d: number, cells: number, coarsest: number, steps: number): number {
  const shift = (2 * EXTENT) / coarsest / 3
  const velocity = (_: number, y: Float64Array, out: Float64Array) => out.fill(1, 0, y.length)
  const { nodes, step } = scheme.discretise(cube(d, EXTENT, cells + 1), velocity)
  const f = growing(nodes, d, 1.5)
  for (let k = 0; k < steps; k++) step(f, (shift * k) / steps, (shift * (k + 1)) / steps)
  const back = nodes.map((y) => y - shift)
  return errorInside(nodes, f, growing(back, d, 1.5), d, 0)
}

describe.each([
  ['weno7', 2, [20, 30]],
  ['weno9', 3, [20, 30]],
] as const)('the order of %s in space', (name, rate, cells) => {
  it('shows in a flow that spreads and turns', () => {
    const scheme: Scheme = schemes[name as SchemeName]()
    const errors = cells.map((count) => spreadingError(scheme, 3, count, rate))
    expect(Math.abs(observedOrder([...cells], errors) - scheme.order)).toBeLessThan(0.2)
  })
})

// a spline of degree 5 through moved values: the error of a step is O(h^6)
describe.each([
  [2, [20, 40]],
  [3, [20, 40]],
] as const)('semi-lagrangian-quintic in %d-D', (d, cells) => {
  const scheme = schemes['semi-lagrangian-quintic']()

  it('has order 6 for a given number of steps', () => {
    const errors = cells.map((count) => shiftError(scheme, d, count, cells[0], 1))
    expect(Math.abs(observedOrder([...cells], errors) - 6)).toBeLessThan(0.2)
  })

  it('has order 5 for a given Courant number', () => {
    const errors = cells.map((count, i) => shiftError(scheme, d, count, cells[0], i + 1))
    expect(Math.abs(observedOrder([...cells], errors) - 5)).toBeLessThan(0.2)
  })
})

describe('chebyshev in 2-D', () => {
  it('is spectral down to rounding where the flow leaves through every face', () => {
    const error = (count: number) => {
      const { nodes, step } = schemes.chebyshev().discretise(cube(2, EXTENT, count), spreading(2))
      const f = growing(nodes, 2, 1)
      for (let k = 0; k < 100; k++) step(f, k / 250, (k + 1) / 250)
      const truth = growing(spreadBack(nodes, 2, 0.4), 2, 1)
      return Math.sqrt(f.reduce((sum, value, i) => sum + (value - truth[i]) ** 2, 0) / f.length)
    }
    const [coarse, fine, finest] = [9, 13, 21].map(error)
    expect(coarse).toBeLessThan(1e-6)
    expect(fine).toBeLessThan(1e-4 * coarse)
    expect(finest).toBeLessThan(1e-11)
  })
})
