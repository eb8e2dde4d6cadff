import { describe, expect, it } from 'vitest'
import { type EulerianMap, gridMethod } from '../../solvers/grid/index.ts'
import { schemes } from '../../solvers/grid/schemes/index.ts'
import { slabOf } from '../../solvers/grid/threads/slab.ts'
import { slabCrew } from '../../solvers/grid/threads/slab-crew.ts'
import { comovingVelocity } from '../../src/characteristics/probability-flow.ts'
import { cube } from '../../src/numeric/uniform-grid.ts'
import { referenceCase } from '../support/problems.ts'
import { smoothPlane } from './weighted-error.ts'

describe('an Eulerian grid in several threads', () => {
  it.each([
    ['mixture-2d-t10', 'weno5', 41, 'uniform'],
    ['mixture-2d-t10', 'weno5', 40, 'moving'],
    ['mixture-2d-t10', 'weno9', 31, 'uniform'],
    ['mixture-2d-t10', 'upwind', 25, 'moving'],
    ['mixture-3d-t20', 'weno5', 14, 'uniform'],
    ['mixture-3d-t20', 'weno5-rk4', 15, 'moving'],
  ] as const)('%s by %s with %d %s nodes has the bytes of one thread', async (name, scheme, nodes, mesh) => {
    const { problem, t, points } = referenceCase(name)
    const x = Float64Array.from(points.flat())
    const results: { bytes: Buffer; evaluations: number }[] = []
    for (const threads of [1, 2, 3]) {
      const method = gridMethod({ scheme, nodes, mesh, threads })
      const map = (await method.solveVe(problem.density, { time: t, seed: 0 })) as EulerianMap
      const evaluations = map.functionEvaluations
      const values = [...map.evaluate(t, x), ...map.evaluate(t / 3, x)]
      results.push({ bytes: Buffer.from(Float64Array.from(values).buffer), evaluations })
    }
    for (const { bytes, evaluations } of results.slice(1)) {
      expect(bytes.equals(results[0].bytes)).toBe(true)
      expect(evaluations).toBe(results[0].evaluations)
    }
  })

  it('takes the same steps slab by slab', async () => {
    const { density } = referenceCase('mixture-2d-t10').problem
    const grid = cube(2, 5, 33)
    const velocity = comovingVelocity(density)
    const { step, nodes } = schemes.weno7().discretise(grid, velocity)
    const one = nodes.slice()
    step(one, 0.1, 0.12)
    step(one, 0.12, 0.13)
    for (const threads of [2, 3]) {
      const crew = await slabCrew(schemes.weno7(), grid, undefined, velocity, threads)
      const together = nodes.slice()
      crew?.step(together, 0.1, 0.12)
      crew?.step(together, 0.12, 0.13)
      await crew?.stop()
      expect(together).toEqual(one)
    }
  })

  it('stops when it is aborted', async () => {
    const { problem, t } = referenceCase('mixture-2d-t10')
    const controller = new AbortController()
    const run = {
      time: t,
      seed: 0,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    }
    const method = gridMethod({ scheme: 'weno5', nodes: 150, threads: 2 })
    await expect(method.solveVe(problem.density, run)).rejects.toThrow('enough')
  })
})

describe('one thread does all', () => {
  const crewFor = (nodes: number, threads: number, name = 'mixture-2d-t10') => {
    const { density } = referenceCase(name).problem
    return slabCrew(
      schemes.weno5(),
      cube(density.dimension, 5, nodes),
      undefined,
      comovingVelocity(density),
      threads,
    )
  }

  it('on a line, and where slabs would be thinner than a stencil', async () => {
    expect(await crewFor(401, 2, 'mixture-1d-t5')).toBeNull()
    expect(await crewFor(11, 2)).toBeNull()
    expect(await crewFor(40, 1)).toBeNull()
  })

  it('for data that is no mixture', async () => {
    expect(
      await slabCrew(schemes.weno5(), cube(2, 5, 40), undefined, comovingVelocity(smoothPlane), 2),
    ).toBeNull()
  })

  it('and slabs share the rows without a gap', () => {
    const ends = [0, 1, 2].map((rank) => slabOf(20, 3, rank))
    expect(ends.map(({ first, end }) => end - first).reduce((a, b) => a + b, 0)).toBe(20)
    expect(ends.slice(1).map(({ first }) => first)).toEqual(ends.slice(0, 2).map(({ end }) => end))
  })
})

it('refuses other numbers of threads', () => {
  expect(() => gridMethod({ scheme: 'weno5', nodes: 33, threads: 0 })).toThrow('threads')
})
