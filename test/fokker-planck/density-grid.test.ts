import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { densityGrid } from '../../src/fokker-planck/density-grid.ts'
import { nodeCoordinates } from '../../src/numeric/uniform-grid.ts'
import type { Density } from '../../src/problem/density.ts'
import type { NonlinearDrift } from '../../src/problem/process.ts'

const DIAGONAL = (d: number) =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 + i : 0)))

function gridOf(
  { nodes, sigma = '1', d = 1, box = 40 }: { nodes?: number; sigma?: string; d?: number; box?: number },
  change: (density: Density) => Density = (density) => density,
) {
  const { process, density } = createProblem({
    process: {
      kind: 'custom',
      drift: '-x',
      sigma,
      grid: { box: new Array(d).fill([-box, box]), ...(nodes && { nodes }) },
    },
    data: { kind: 'gaussian', mean: new Array(d).fill(0), covariance: DIAGONAL(d) },
  })
  return densityGrid({ ...process, nonlinear: process.nonlinear as NonlinearDrift }, change(density), 1)
}

describe('the grid for a density', () => {
  it('takes the number of nodes that it asks for, and none below', () => {
    const refused = (nodes: number) => {
      try {
        gridOf({ nodes, box: 100 })
        return null
      } catch (error) {
        if (error instanceof InputError) return error.message
        throw error
      }
    }
    const least = Number(/expected at least (\d+) for modes/.exec(refused(200) ?? '')?.[1])
    expect(least).toBeGreaterThan(200)
    expect(refused(least - 1)).toContain(`expected at least ${least} for modes`)
    // wide as the nodes are then, the mass on them may be refused, but their number is not
    expect(refused(least) ?? '').not.toContain('problem.process.grid.nodes')
  })

  it('is as fine where there is no noise at first', () => {
    expect(gridOf({ sigma: 't', box: 10 }).grid.nodes).toBeGreaterThanOrEqual(257)
  })

  it.each([1, 2])('has the tails of a density that vanishes in numbers, %i-D', (d) => {
    const own = gridOf({ d, box: 24 })
    // far out p is too small for a number, and so is its logarithm where it is that of a number
    const vanishing = gridOf({ d, box: 24 }, (density) => ({
      ...density,
      logDensity(t, x, out) {
        density.logDensity?.(t, x, out)
        for (let i = 0; i < out.length; i++) if (out[i] < -215) out[i] = -Infinity
      },
    }))
    const x = nodeCoordinates(vanishing.grid)
    let far = 0
    for (const [i, log] of vanishing.start.entries()) {
      if (own.start[i] >= -215) expect(log).toBe(own.start[i])
      else {
        // along straight lines, above what falls as a square
        far++
        expect(log, `at ${x.slice(i * d, (i + 1) * d)}`).toBeLessThan(-214)
        expect(log).toBeGreaterThanOrEqual(own.start[i] - 1e-9)
      }
    }
    expect(far).toBeGreaterThan(0)
  })
})
