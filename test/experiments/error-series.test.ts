import { describe, expect, it } from 'vitest'
import { errorSeries } from '../../experiments/compare/error-maps.ts'
import type { Comparison } from '../../experiments/compare/index.ts'
import { errorMapPoints } from '../../experiments/compare/map-grid.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exactMap } from '../../src/exact/exact.ts'
import { veTime } from '../../src/problem/process.ts'
import { smallProblems } from '../support/problems.ts'

const gaussian = {
  kind: 'gaussian',
  mean: [1, -2],
  covariance: [
    [2, 0],
    [0, 1],
  ],
} as const

describe('error maps of several times', () => {
  it('are at equal angles up to T, each on the square of its own spread', () => {
    const { density } = smallProblems['mixture, 2-D']
    const { scale, mean } = density.moments
    const grid = errorMapPoints(density, 5, 4, 3)
    if (!grid) return expect.fail('no grid')
    const angles = grid.times.map(({ time }) => Math.atan2(time, scale))
    expect(grid.times.at(-1)?.time).toBe(5)
    for (const [k, angle] of angles.entries()) expect(angle).toBeCloseTo((angles[2] * (k + 1)) / 3, 12)
    for (const { time, x } of grid.times) {
      expect(x).toHaveLength(2 * 16)
      const r = Math.hypot(time, scale)
      // lower left, its right neighbour, the one above it
      expect(Array.from(x.subarray(0, 4), (v, i) => (v - mean[i % 2]) / r)).toEqual(
        [-2.25, -2.25, -0.75, -2.25].map((v) => expect.closeTo(v, 12)),
      )
      expect((x[9] - mean[1]) / r).toBeCloseTo(-0.75, 12)
    }
  })

  it('are one map over place and time on the line, four times as many places as times', () => {
    const { density } = smallProblems['mixture, 1-D']
    const { scale, mean } = density.moments
    const grid = errorMapPoints(density, 5, 4, 3)
    expect(grid).toMatchObject({ dimension: 1, nodes: 16 })
    expect(grid?.times.map(({ time }) => Math.atan2(time, scale) / Math.atan2(5, scale))).toEqual(
      [0.25, 0.5, 0.75, 1].map((share) => expect.closeTo(share, 12)),
    )
    for (const { time, x } of grid?.times ?? []) {
      expect(x).toHaveLength(16)
      expect((x[15] - mean[0]) / Math.hypot(time, scale)).toBeCloseTo(3 * (1 - 1 / 16), 12)
    }
  })

  it('do not exist above the plane', () => {
    expect(errorMapPoints(smallProblems['radial, 3-D'].density, 5, 4, 3)).toBeNull()
  })

  it('are told to the page in the time and the places of the own process', () => {
    const problem = createProblem({ process: { kind: 'vp' }, data: gaussian })
    const { process, density } = problem
    const grid = errorMapPoints(density, veTime(process, 1), 4, 3)
    if (!grid) return expect.fail('no grid')
    const map = exactMap(density)
    // a method that is off by one hundredth of the spread everywhere
    const off = 0.01 * Math.sqrt(density.moments.trace)
    const mapErrors = grid.times.map(({ time, x }) => {
      const f = map?.(time, x) ?? x
      return Float64Array.from({ length: 16 }, (_, i) => Math.abs(f[2 * i] + off - f[2 * i]) / Math.sqrt(3))
    })
    const measured = ['pinn', 'exact'].map((method) => ({ method, mapErrors }))
    const series = errorSeries({ grid, measured, problem, time: 1 } as unknown as Comparison)
    expect(series?.methods.map(({ method }) => method)).toEqual(['pinn'])
    expect(series?.methods[0].errors[0][3]).toBeCloseTo(0.01, 12)
    expect(series?.times.at(-1)?.time).toBe(1)
    for (const [k, at] of (series?.times ?? []).entries()) {
      const { time, x } = grid.times[k]
      expect(veTime(process, at.time) / time).toBeCloseTo(1, 9)
      const alpha = process.alpha(at.time)
      // y of the first cell, to x of the process
      expect(at.centre[0] - 2.25 * at.scale).toBeCloseTo(alpha * x[0], 9)
      expect(at.centre[1] - 2.25 * at.scale).toBeCloseTo(alpha * x[1], 9)
    }
  })
})
