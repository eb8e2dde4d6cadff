import { describe, expect, it } from 'vitest'
import { counted } from '../../solvers/grid/counted.ts'
import { schemes } from '../../solvers/grid/schemes/index.ts'
import { plainLines } from '../../solvers/grid/schemes/line-fields.ts'
import { type LineScheme, rungeKuttaSteps, velocitiesKept } from '../../solvers/grid/schemes/line-scheme.ts'
import type { Motion, Scheme } from '../../solvers/grid/schemes/scheme.ts'
import { comovingVelocity } from '../../src/characteristics/probability-flow.ts'
import { cube } from '../../src/numeric/uniform-grid.ts'
import { referenceCase } from '../support/problems.ts'

const lineSchemes = Object.values<() => Scheme>(schemes)
  .map((make) => make())
  .filter((scheme): scheme is LineScheme => 'kernel' in scheme)

/** Changes sign many times along every axis, and is 0 at some nodes. */
function winding(dimension: number) {
  return (theta: number, y: Float64Array, out: Float64Array) => {
    for (let i = 0; i < y.length; i++) out[i] = Math.round(40 * Math.sin((7 + theta) * y[i] + i)) / 40
    out[dimension] = 0
  }
}

/** Smooth in places, with a plateau, a jump and a kink. */
function rough(y: Float64Array): Float64Array {
  return y.map((value, i) => (Math.abs(value) < 0.4 ? 1 : Math.sin(3 * value) + Number(value > 1) + (i % 3)))
}

describe.each(lineSchemes)('the kernel of $name', (scheme) => {
  const steps = (lines: boolean, d: number, nodes: number, motion?: Motion) => {
    const grid = cube(d, 2, nodes)
    const velocity = winding(d)
    const slots = velocitiesKept(scheme.integrator)
    const { step, nodes: y } = lines
      ? rungeKuttaSteps(scheme, grid, () => plainLines(scheme, grid, velocity, slots), motion)
      : scheme.discretise(grid, velocity, motion)
    const f = rough(y)
    step(f, 0.1, 0.13)
    step(f, 0.13, 0.15)
    return f
  }

  it.each([
    [1, 40],
    [1, 41],
    [2, 19],
    [2, 36],
    [3, 11],
    [3, 12],
  ])('has the bits of the plain form in %d-D with %d nodes', (d, nodes) => {
    const f = steps(false, d, nodes)
    expect(f.every(Number.isFinite)).toBe(true)
    expect(f).toEqual(steps(true, d, nodes))
    const motion = { beta: 0.7, extent: 1.5 }
    const moved = steps(false, d, nodes, motion)
    expect(moved).not.toEqual(f)
    expect(moved).toEqual(steps(true, d, nodes, motion))
  })
})

it.each(['mixture-1d-t5', 'mixture-2d-t10', 'mixture-3d-t20'])('takes the velocity of %s', (name) => {
  const { density } = referenceCase(name).problem
  const d = density.dimension
  const grid = cube(d, 5, [201, 33, 13][d - 1])
  const { velocity, ...plain } = { velocity: comovingVelocity(density), mixture: undefined }
  const f = [counted(velocity, d), counted(Object.assign(velocity.bind(null), plain), d)].map((flow) => {
    const { step, nodes } = schemes.weno5().discretise(grid, flow.velocity)
    const values = nodes.slice()
    step(values, 0.3, 0.303)
    step(values, 0.303, 0.305)
    // stages at the ends and in the middle of both steps, the end of the first only once
    expect(flow.evaluations).toBe(5 * grid.size)
    return values
  })
  const furthest = f[0].reduce((most, value, i) => Math.max(most, Math.abs(value - f[1][i])), 0)
  expect(furthest).toBeGreaterThan(0)
  expect(furthest).toBeLessThan(1e-11)
})
