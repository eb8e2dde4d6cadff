import { describe, expect, it } from 'vitest'
import { schemes } from '../../solvers/grid/schemes/index.ts'
import type { LineScheme } from '../../solvers/grid/schemes/line-scheme.ts'
import type { Scheme } from '../../solvers/grid/schemes/scheme.ts'
import { wenoTables } from '../../solvers/grid/schemes/weno-tables.ts'
import { observedOrder } from '../characteristics/observed-order.ts'

/** Largest error of the derivative of f over inner nodes of a line, for flow in one direction. */
function derivativeError(
  scheme: LineScheme,
  f: (y: number) => number,
  slope: (y: number) => number,
  n: number,
  speed: number,
) {
  const h = 2 / (n - 1)
  const slopes = Float64Array.from({ length: n - 1 + 2 * scheme.ghosts }, (_, k) => {
    const left = -1 + (k - scheme.ghosts) * h
    return (f(left + h) - f(left)) / h
  })
  const out = new Float64Array(n)
  scheme.derivative(slopes, new Float64Array(n).fill(speed), n, out)
  return out.reduce((largest, value, j) => Math.max(largest, Math.abs(value - slope(-1 + j * h))), 0)
}

const lineSchemes = Object.values<() => Scheme>(schemes)
  .map((make) => make())
  .filter((scheme): scheme is LineScheme => 'derivative' in scheme)

describe.each(lineSchemes)('the derivative of $name', (scheme) => {
  it.each([1, -1])('has its order for speed %d', (speed) => {
    // coarser for high orders, before rounding shows
    const cells = scheme.order > 5 ? [16, 32] : [80, 160]
    const errors = cells.map((n) => derivativeError(scheme, Math.exp, Math.exp, n + 1, speed))
    expect(Math.abs(observedOrder(cells, errors) - scheme.order)).toBeLessThan(0.2)
  })

  it.each([1, -1])('makes next to no new extremum at a jump for speed %d', (speed) => {
    const n = 41
    const jump = 20
    // f is 0 up to node 20 and 1 from node 21 on
    const slopes = Float64Array.from({ length: n - 1 + 2 * scheme.ghosts }, (_, k) =>
      Number(k - scheme.ghosts === jump),
    )
    const out = new Float64Array(n)
    scheme.derivative(slopes, new Float64Array(n).fill(speed), n, out)
    const moved = out.map((slope, j) => Number(j > jump) - 0.1 * speed * slope)
    for (const value of moved) expect(Math.abs(value - 0.5)).toBeLessThan(0.5 + 1e-3)
    // and it moves by a tenth of a cell
    expect(moved.reduce((sum, value) => sum + value, 0)).toBeCloseTo(n - 1 - jump - 0.1 * speed, 10)
  })
})

describe('the tables of WENO', () => {
  it('are those of Jiang and Shu for three stencils', () => {
    const { candidates, linearWeights, smoothness } = wenoTables(3)
    const close = (values: readonly number[], expected: readonly number[]) =>
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 13)
      })
    close(linearWeights, [0.1, 0.6, 0.3])
    close(candidates.flat(), [2 / 6, -7 / 6, 11 / 6, -1 / 6, 5 / 6, 2 / 6, 2 / 6, 5 / 6, -1 / 6])
    // smoothness of the middle stencil: 13/12 (a − 2b + c)² + 1/4 (a − c)²
    const [a, b, c] = [0.3, -1.2, 2.5]
    const lower = smoothness[1]
    const smooth = (lower[0][0] * (b - a) + lower[1][0] * (c - b)) ** 2 + (lower[1][1] * (c - b)) ** 2
    expect(smooth).toBeCloseTo((13 / 12) * (a - 2 * b + c) ** 2 + 0.25 * (a - c) ** 2, 12)
  })

  it.each([2, 3, 4, 5])('have positive linear weights that sum to 1 for %d stencils', (r) => {
    const { linearWeights, candidates } = wenoTables(r)
    expect(linearWeights.every((weight) => weight > 0)).toBe(true)
    expect(linearWeights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    for (const row of candidates) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  })
})
