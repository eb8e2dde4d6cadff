import { describe, expect, it } from 'vitest'
import { forwardMap, gridMethod, gridSchemes, upwind, weno5 } from '../../solvers/grid/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { smoothLine, smoothPlane } from './weighted-error.ts'

const run = { time: 1, seed: 0 }

describe('what a grid refuses', () => {
  it.each([
    ['forward-map', forwardMap({ nodes: 10_000 })],
    ['upwind', upwind({ nodes: 10_000 })],
    ['weno5', weno5({ nodes: 10_000 })],
  ])(
    '%s: a grid that does not fit in memory, naming its size, before it is allocated',
    async (_name, method) => {
      const start = process.cpuUsage()
      await expect(method.solveVe(smoothPlane, run)).rejects.toThrow(/10000\^2 nodes take [\d.]+ GiB/)
      // microseconds of CPU: the machine may be busy
      const { user, system } = process.cpuUsage(start)
      expect(user + system).toBeLessThan(500_000)
    },
  )

  it.each([forwardMap({ nodes: 8 }), weno5({ nodes: 8 })])(
    'more than three dimensions ($name)',
    async (method) => {
      const mean = [0, 0, 0, 0]
      const covariance = mean.map((_, i) => mean.map((_, j) => (i === j ? 1 : 0)))
      const { density } = createProblem({
        process: { kind: 've' },
        data: { kind: 'gaussian', mean, covariance },
      })
      await expect(method.solveVe(density, run)).rejects.toThrow('the dimension of the problem is 4')
    },
  )

  it.each([forwardMap({ nodes: 8 }), weno5({ nodes: 8 })])('point masses ($name)', async (method) => {
    const { density } = createProblem({
      process: { kind: 've' },
      data: { kind: 'empirical', points: [[0], [1]], bandwidth: 0 },
    })
    await expect(method.solveVe(density, run)).rejects.toThrow(InputError)
  })

  it.each([
    () => forwardMap({ nodes: 7 }),
    () => forwardMap({ nodes: 64, tolerance: 1e-6 }),
    () => forwardMap({ tolerance: 0 }),
    () => weno5({ nodes: 20.5 }),
    () => weno5({ nodes: 100, cfl: 0 }),
    () => gridMethod({ scheme: 'spectral' }),
    () => gridMethod({ scheme: 'weno5' }),
    () => gridMethod({ scheme: 'weno5', nodes: 100, tolerance: 1e-3 }),
    () => gridMethod({ scheme: 'forward-map', cfl: 0.5 }),
  ])('options out of range (%#)', (make) => {
    expect(make).toThrow(InputError)
  })
})

describe('gridMethod', () => {
  it.each(gridSchemes)('makes %s, which solves', async (scheme) => {
    const method = gridMethod({ scheme, nodes: 65 })
    expect(method.name).toBe(`grid:${scheme}`)
    expect(method.options.nodes).toBe(65)
    const map = await method.solveVe(smoothLine, run)
    expect(map.functionEvaluations).toBeGreaterThan(65)
    expect(map.evaluate(1, Float64Array.of(0))[0]).toBeCloseTo(0, 8)
  })
})
