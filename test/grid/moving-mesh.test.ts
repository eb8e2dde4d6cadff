import { describe, expect, it } from 'vitest'
import { type EulerianMap, gridMethod, upwind, weno5 } from '../../solvers/grid/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exactMap } from '../../src/exact/exact.ts'
import type { Density } from '../../src/problem/density.ts'
import { referenceCase } from '../support/problems.ts'
import { mildLine, orderOf, rootMeanSquare, smoothLine, smoothPlane } from './weighted-error.ts'

const solve = (method: Method, density: Density, time: number) =>
  method.solveVe(density, { time, seed: 0 }) as Promise<EulerianMap>

const moving = (scheme: string, nodes: number, cfl?: number) =>
  gridMethod({ scheme, nodes, mesh: 'moving', ...(cfl !== undefined && { cfl }) })

describe.each([
  ['mixture-1d-t5', 2e-5],
  ['mixture-1d-t80', 6e-5],
])('on %s, whose layers no uniform grid follows', (name, bound) => {
  const { problem, t } = referenceCase(name)
  const { density } = problem

  it('nodes that move with the layers have a thousandth of the error', async () => {
    const error = await rootMeanSquare(moving('weno5', 401), density, t)
    expect(error).toBeLessThan(bound)
    expect(error).toBeLessThan(1e-3 * (await rootMeanSquare(weno5({ nodes: 401 }), density, t)))
  })

  it('says that the layers are resolved', async () => {
    const map = await solve(moving('weno5', 401), density, t)
    expect(map.diagnostics).toMatchObject({ mesh: 'moving', nodes: 401, resolved: true })
    expect(map.warnings).toEqual([])
  })

  it('has the exact map at times before the last', async () => {
    const map = await solve(moving('weno7', 801), density, t)
    const x = Float64Array.from({ length: 100 }, (_, i) => -8 + 0.161 * i)
    for (const time of [t / 20, t / 3]) {
      const truth = exactMap(density)?.(time, x) as Float64Array
      map.evaluate(time, x).forEach((value, i) => {
        expect(Math.abs(value - truth[i])).toBeLessThan(1e-4)
      })
    }
    expect(map.evaluate(0, x)).toEqual(x)
  })
})

describe('the order of a moving mesh', () => {
  it.each([
    ['upwind', 1, 1, [800, 1600]],
    ['weno3', 3, 3, [800, 1600]],
    ['weno5', 5, 3, [400, 800]],
    ['weno5-rk4', 5, 4, [400, 800]],
  ] as const)('%s: %d on the line', async (scheme, order, inAngle, cells) => {
    const cfl = (nodes: number) => 0.9 * (cells[0] / (nodes - 1)) ** Math.max(0, order / inAngle - 1)
    const method = (nodes: number) => moving(scheme, nodes, 0.5 * cfl(nodes))
    const observed = await orderOf(method, mildLine, 2, [cells[0] + 1, cells[1] + 1])
    expect(Math.abs(observed - order)).toBeLessThan(0.2)
  })

  it('weno5: 5 in the plane', async () => {
    const cfl = (nodes: number) => 0.1 * (80 / (nodes - 1)) ** (2 / 3)
    const method = (nodes: number) => moving('weno5', nodes, cfl(nodes))
    const observed = await orderOf(method, smoothPlane, 0.5, [81, 121])
    expect(Math.abs(observed - 5)).toBeLessThan(0.2)
  })
})

it('says how much f changes from node to node', async () => {
  const map = await solve(moving('weno5', 201), smoothLine, 5)
  const { scale } = smoothLine.moments
  const x = Float64Array.of(-1e-4, 1e-4)
  const f = exactMap(smoothLine)?.(5, x) as Float64Array
  const slope = (((f[1] - f[0]) / 2e-4) * Math.hypot(scale, 5)) / scale
  // the grid of ξ from the mesh's own numbers: nodes at θ = 0 are y = ξ/(1 + β)
  const wide = await solve(moving('weno5', 101), smoothLine, 5)
  expect(wide.diagnostics.steepness / map.diagnostics.steepness).toBeCloseTo(2, 10)
  // along ξ = y + 4 f/c the slope is f'/(1 + 4 f'), and ξ runs at most over 10 (1 + 4)
  const share = map.diagnostics.steepness / (slope / (1 + 4 * slope))
  expect(share).toBeGreaterThan((2 * map.diagnostics.extent) / 200)
  expect(share).toBeLessThan((2 * 5 * map.diagnostics.extent) / 200)
})

describe('in more dimensions', () => {
  it.each([
    ['mixture-2d-t10', 'weno5', 96, 1.2e-3],
    ['mixture-3d-t20', 'weno5', 32, 3e-2],
  ])('%s', async (name, scheme, nodes, bound) => {
    const { problem, t, points, f } = referenceCase(name)
    const map = await solve(moving(scheme, nodes), problem.density, t)
    const found = map.evaluate(t, Float64Array.from(points.flat()))
    const truth = f.flat()
    const error = Math.sqrt(found.reduce((sum, value, i) => sum + (value - truth[i]) ** 2, 0) / points.length)
    expect(error).toBeLessThan(bound)
    expect(map.diagnostics.traced).toBeLessThan(points.length / 100)
  })
})

it('follows points beyond the mesh along their characteristics', async () => {
  const map = await solve(moving('weno5', 101), smoothLine, 5)
  const x = Float64Array.of(90, 0, -200)
  const truth = exactMap(smoothLine)?.(5, x) as Float64Array
  const found = map.evaluate(5, x)
  expect(map.diagnostics.traced).toBe(2)
  expect(found[0]).toBeCloseTo(truth[0], 6)
  expect(found[2]).toBeCloseTo(truth[2], 6)
})

it('is exact to rounding for isotropic Gaussian data', async () => {
  const { density } = createProblem({
    process: { kind: 've' },
    data: { kind: 'gaussian', mean: [1], covariance: [[2.25]] },
  })
  for (const method of [upwind({ nodes: 9, mesh: 'moving' }), weno5({ nodes: 9, mesh: 'moving' })]) {
    const map = await solve(method, density, 4)
    const x = Float64Array.of(-6, 0.3, 5)
    const truth = exactMap(density)?.(4, x) as Float64Array
    map.evaluate(4, x).forEach((value, i) => {
      expect(value).toBeCloseTo(truth[i], 12)
    })
  }
})

it('refuses what does not move', () => {
  expect(() => gridMethod({ scheme: 'chebyshev', nodes: 33, mesh: 'moving' })).toThrow(
    'uniform for chebyshev',
  )
  expect(() => gridMethod({ scheme: 'semi-lagrangian-cubic', nodes: 33, mesh: 'moving' })).toThrow('mesh')
  expect(() => gridMethod({ scheme: 'forward-map', mesh: 'moving' })).toThrow('no mesh')
  expect(() => weno5({ nodes: 33, mesh: 'static' as 'moving' })).toThrow('uniform or moving')
})
