import { describe, expect, it } from 'vitest'
import type { EulerianMap } from '../../solvers/grid/index.ts'
import { upwind, weno5 } from '../../solvers/grid/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exactMap } from '../../src/exact/exact.ts'
import type { Density } from '../../src/problem/density.ts'
import { referenceCase } from '../support/problems.ts'
import { orderOf, rootMeanSquare, smoothLine, smoothPlane } from './weighted-error.ts'

const solve = (method: Method, density: Density, time: number) =>
  method.solveVe(density, { time, seed: 0 }) as Promise<EulerianMap>

/** WENO5 with Δθ ~ h^(5/3), so that the third order of its integrator in θ does not show. */
const weno5InSpace = (coarsest: number) => (nodes: number) =>
  weno5({ nodes, cfl: 0.9 * ((coarsest - 1) / (nodes - 1)) ** (2 / 3) })

describe('observed orders on smooth problems', () => {
  it('upwind: 1 in 1-D', async () => {
    const order = await orderOf((nodes) => upwind({ nodes }), smoothLine, 5, [401, 801])
    expect(Math.abs(order - 1)).toBeLessThan(0.2)
  })

  it('upwind: 1 in 2-D', async () => {
    const order = await orderOf((nodes) => upwind({ nodes }), smoothPlane, 3, [61, 121])
    expect(Math.abs(order - 1)).toBeLessThan(0.2)
  })

  it('weno5: 5 in 1-D', async () => {
    const order = await orderOf(weno5InSpace(101), smoothLine, 1, [801, 1601])
    expect(Math.abs(order - 5)).toBeLessThan(0.2)
  })

  it('weno5: 5 in 2-D', async () => {
    const order = await orderOf(weno5InSpace(41), smoothPlane, 0.5, [121, 181])
    expect(Math.abs(order - 5)).toBeLessThan(0.2)
  })

  it('weno5: 3 in Δθ on a fine grid', async () => {
    const method = (cfl: number) => weno5({ nodes: 801, cfl })
    const [first, second] = [await solve(method(1), smoothLine, 5), await solve(method(0.5), smoothLine, 5)]
    const fine = await solve(method(0.05), smoothLine, 5)
    const x = Float64Array.from({ length: 201 }, (_, i) => -10 + i / 10)
    const reference = fine.evaluate(5, x)
    const error = (map: EulerianMap) =>
      Math.hypot(...map.evaluate(5, x).map((value, i) => value - reference[i]))
    expect(Math.abs(Math.log2(error(first) / error(second)) - 3)).toBeLessThan(0.2)
  })
})

describe('layers thinner than a cell', () => {
  it('are named, and the order falls below 0.8', async () => {
    const { problem, t } = referenceCase('mixture-1d-t5')
    const map = await solve(weno5({ nodes: 201 }), problem.density, t)
    expect(map.diagnostics.resolved).toBe(false)
    expect(map.diagnostics.steepness).toBeGreaterThan(1000)
    const order = await orderOf((nodes) => weno5({ nodes }), problem.density, t, [201, 401])
    expect(order).toBeGreaterThan(0.2)
    expect(order).toBeLessThan(0.8)
  })

  it('are not claimed where there are none', async () => {
    const map = await solve(weno5({ nodes: 201 }), smoothLine, 5)
    expect(map.diagnostics).toMatchObject({ nodes: 201, resolved: true })
    // the slope of the exact map over the data scale, at its steepest point y = 0
    const x = Float64Array.of(-1e-4, 1e-4)
    const f = exactMap(smoothLine)?.(5, x) as Float64Array
    const r = Math.hypot(smoothLine.moments.scale, 5)
    const slope = (((f[1] - f[0]) / 2e-4) * r) / smoothLine.moments.scale
    expect(map.diagnostics.steepness / (slope * 0.05)).toBeCloseTo(1, 2)
  })
})

describe.each([upwind, weno5])('%o', (factory) => {
  it.each([1, 2, 3])('is exact to rounding for isotropic Gaussian data in %d-D', async (d) => {
    const mean = [1, -2, 0.5].slice(0, d)
    const covariance = mean.map((_, i) => mean.map((_, j) => (i === j ? 2.25 : 0)))
    const { density } = createProblem({
      process: { kind: 've' },
      data: { kind: 'gaussian', mean, covariance },
    })
    const map = await solve(factory({ nodes: 9 }), density, 4)
    const x = Float64Array.from({ length: 30 * d }, (_, i) => 9 * Math.sin(7 * i + 1))
    // beyond the grid too
    x[0] = 60
    const truth = exactMap(density)?.(4, x) as Float64Array
    map.evaluate(4, x).forEach((value, i) => {
      expect(value).toBeCloseTo(truth[i], 12)
    })
  })

  it('gives the same values at earlier times whatever was asked before', async () => {
    const x = Float64Array.of(-4, -1, 0.5, 3)
    const one = await solve(factory({ nodes: 101 }), smoothLine, 5)
    const other = await solve(factory({ nodes: 101 }), smoothLine, 5)
    for (const t of [5, 0.3, 2, 4.9]) other.evaluate(t, x)
    expect(one.evaluate(2, x)).toEqual(other.evaluate(2, x))
    expect(one.evaluate(0, x)).toEqual(x)
    expect(() => one.evaluate(6, x)).toThrow('at most 5')
  })

  it('is accurate at earlier times', async () => {
    const map = await solve(factory({ nodes: 801 }), smoothLine, 5)
    const x = Float64Array.from({ length: 41 }, (_, i) => -4 + i / 5)
    const bound = factory === weno5 ? 1e-5 : 3e-2
    for (const t of [0.2, 1, 3]) {
      const truth = exactMap(smoothLine)?.(t, x) as Float64Array
      map.evaluate(t, x).forEach((value, i) => {
        expect(Math.abs(value - truth[i])).toBeLessThan(bound)
      })
    }
  })
})

it('weno5 in 3-D agrees with the exact map', async () => {
  const { density } = createProblem({
    process: { kind: 've' },
    data: {
      kind: 'gaussian',
      mean: [0, 1, 0],
      covariance: [
        [1.5, 0.3, 0],
        [0.3, 1, 0.1],
        [0, 0.1, 0.8],
      ],
    },
  })
  // f is linear in y, so all of the error is that of the integrator
  const x = Float64Array.from({ length: 60 }, (_, i) => 3 * Math.sin(5 * i))
  const truth = exactMap(density)?.(2, x) as Float64Array
  const map = await solve(weno5({ nodes: 11, cfl: 0.05 }), density, 2)
  map.evaluate(2, x).forEach((value, i) => {
    expect(value).toBeCloseTo(truth[i], 5)
  })
})

it('stops when it is aborted, and tells how far it is', async () => {
  const controller = new AbortController()
  const seen: number[] = []
  const run = {
    time: 5,
    seed: 0,
    signal: controller.signal,
    onProgress: ({ done, total }: { done: number; total: number }) => {
      seen.push(done / total)
      controller.abort(new Error('enough'))
    },
  }
  await expect(weno5({ nodes: 3201 }).solveVe(smoothLine, run)).rejects.toThrow('enough')
  expect(seen).toHaveLength(1)
  expect(seen[0]).toBeLessThan(1)
})

it('the error of weno5 on the smooth line is below 1e-4 with 201 nodes', async () => {
  expect(await rootMeanSquare(weno5({ nodes: 201 }), smoothLine, 5)).toBeLessThan(1e-4)
})
