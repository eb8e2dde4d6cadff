import { describe, expect, it } from 'vitest'
import { type ForwardMap, forwardMap } from '../../solvers/grid/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exactMap } from '../../src/exact/exact.ts'
import { drawNoised } from '../../src/metrics/carried-sample.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import { referenceCase } from '../support/problems.ts'
import { orderOf, rootMeanSquare, smoothLine, smoothPlane } from './weighted-error.ts'

const solve = (method: Method, density: Density, time: number) =>
  method.solveVe(density, { time, seed: 0 }) as Promise<ForwardMap>

function largestDifference(a: Float64Array, b: ArrayLike<number>): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0)
}

describe('observed order 6', () => {
  it('in 1-D', async () => {
    const order = await orderOf((nodes) => forwardMap({ nodes, rtol: 1e-12 }), smoothLine, 5, [81, 161])
    expect(Math.abs(order - 6)).toBeLessThan(0.2)
  })

  it('in 2-D', async () => {
    const order = await orderOf((nodes) => forwardMap({ nodes, rtol: 1e-12 }), smoothPlane, 1, [65, 97])
    expect(order).toBeGreaterThan(5.8)
  })
})

describe('reference cases', () => {
  it.each([
    ['mixture-1d-t5', 201, 1e-6],
    ['mixture-1d-t5', 401, 1e-8],
    ['mixture-1d-t80', 401, 1e-8],
    ['mixture-1d-t0.5', 801, 1e-8],
    ['mixture-2d-t10', 64, 1e-6],
    ['mixture-2d-t80', 64, 1e-5],
    ['product-2d', 96, 1e-5],
    ['mixture-3d-t20', 20, 0.1],
  ])('%s with %d nodes an axis: every point within %d', async (name, nodes, bound) => {
    const { problem, t, points, f } = referenceCase(name)
    const map = await solve(forwardMap({ nodes }), problem.density, t)
    expect(largestDifference(map.evaluate(t, Float64Array.from(points.flat())), f.flat())).toBeLessThan(bound)
  })

  it('mixture-1d-t5: RMS below 1e-7 over 20,000 points of p_T, all by the table', async () => {
    const { density } = referenceCase('mixture-1d-t5').problem
    const x = drawNoised(density, 5, 20_000, new Random(1))
    const map = await solve(forwardMap({ nodes: 201 }), density, 5)
    const f = map.evaluate(5, x)
    const truth = exactMap(density)?.(5, x) as Float64Array
    expect(Math.sqrt(f.reduce((sum, value, i) => sum + (value - truth[i]) ** 2, 0) / 20_000)).toBeLessThan(
      1e-7,
    )
    expect(map.diagnostics.traced).toBeLessThan(5)
  })

  it('mixture-2d-t80: the layers do not defeat the start of Newton’s method', async () => {
    const { density } = referenceCase('mixture-2d-t80').problem
    const map = await solve(forwardMap({ nodes: 48 }), density, 80)
    map.evaluate(80, drawNoised(density, 80, 20_000, new Random(1)))
    expect(map.diagnostics.evaluated).toBe(20_000)
    expect(map.diagnostics.traced).toBeLessThan(20)
  })
})

describe('a requested error', () => {
  it.each([
    [smoothLine, 1e-9],
    [smoothLine, 1e-4],
    [smoothPlane, 1e-6],
  ])('is delivered (%#)', async (density, tolerance) => {
    const method = forwardMap({ tolerance })
    const map = await solve(method, density, 5)
    expect(map.diagnostics.error).toMatchObject({ asked: tolerance, reached: true })
    expect(await rootMeanSquare(method, density, 5)).toBeLessThan(tolerance)
  })

  it('uses fewer nodes for a larger error', async () => {
    const [loose, tight] = [
      await solve(forwardMap({ tolerance: 1e-4 }), smoothLine, 5),
      await solve(forwardMap({ tolerance: 1e-10 }), smoothLine, 5),
    ]
    expect(loose.diagnostics.nodes).toBeLessThan(tight.diagnostics.nodes)
  })

  it('out of reach is admitted, with what was reached', async () => {
    // 1e-10 is a sixteenth digit of the gap, times some thousand
    const { density } = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1000, 1000], stds: [0.01, 0.01] },
    })
    const { error } = (await solve(forwardMap({ tolerance: 1e-10 }), density, 5)).diagnostics
    expect(error?.reached).toBe(false)
    expect(error?.estimate).toBeGreaterThan(1e-10)
  })
})

it.each([1, 2, 3])('is exact to rounding for isotropic Gaussian data in %d-D', async (d) => {
  const mean = [1, -2, 0.5].slice(0, d)
  const covariance = mean.map((_, i) => mean.map((_, j) => (i === j ? 2.25 : 0)))
  const { density } = createProblem({ process: { kind: 've' }, data: { kind: 'gaussian', mean, covariance } })
  const map = await solve(forwardMap({ nodes: 8 }), density, 4)
  const x = Float64Array.from({ length: 30 * d }, (_, i) => 9 * Math.sin(7 * i + 1))
  x[0] = 60
  const truth = exactMap(density)?.(4, x) as Float64Array
  expect(largestDifference(map.evaluate(4, x), truth)).toBeLessThan(1e-12)
  // the point beyond the table
  expect(map.diagnostics).toMatchObject({ evaluated: 30, traced: 1 })
})

it('is accurate at all times, whatever was asked before', async () => {
  const { density } = referenceCase('mixture-1d-t5').problem
  const map = await solve(forwardMap({ nodes: 401 }), density, 5)
  const x = Float64Array.from({ length: 41 }, (_, i) => -4 + i / 5)
  const first = map.evaluate(1, x)
  for (const t of [5, 3, 1, 0.3, 0.1, 0.01, 1]) {
    const truth = exactMap(density)?.(t, x) as Float64Array
    expect(largestDifference(map.evaluate(t, x), truth)).toBeLessThan(1e-6)
  }
  expect(map.evaluate(1, x)).toEqual(first)
  expect(map.evaluate(0, x)).toEqual(x)
  expect(() => map.evaluate(5.1, x)).toThrow('at most 5')
})
