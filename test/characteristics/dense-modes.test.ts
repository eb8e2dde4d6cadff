import { describe, expect, it } from 'vitest'
import { flow, rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { points, rowMajor } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'

const COUNT = 1000
const places = Array.from({ length: COUNT }, (_, i) => -50 + (100 * i) / (COUNT - 1))
const laws: Record<string, ProblemSpec['data']> = {
  'narrow components': {
    kind: 'mixture',
    weights: new Array<number>(COUNT).fill(1 / COUNT),
    means: places,
    stds: new Array<number>(COUNT).fill(0.01),
  },
  'a kernel density': { kind: 'empirical', points: places, bandwidth: 0.004 },
  'point masses': { kind: 'empirical', points: places, bandwidth: 0 },
}

// the velocity is 0 until t is near the distance of the modes, so that no error is seen from afar
describe.each(Object.keys(laws))('many modes close together, %s', (name) => {
  const problem = createProblem({ process: { kind: 've' }, data: laws[name] })
  const X = points(Float64Array.of(0.3, 20, -33.33), 1)

  it.each([{ coordinates: 'comoving' }, { coordinates: 't' }, { tableau: 'tsit5' }] as const)(
    'are not stepped over with %o',
    async (options) => {
      const [truth, f] = await Promise.all(
        [exact(), rungeKutta({ rtol: 1e-10, ...options })].map((method) =>
          solve(problem, method, { time: 5 }),
        ),
      )
      const expected = rowMajor(truth.evaluate(5, X))
      rowMajor(f.evaluate(5, X)).forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThan(1e-7)
      })
    },
  )
})

it('nor on the way from data to noise', async () => {
  const problem = createProblem({ process: { kind: 've' }, data: laws['narrow components'] })
  const { mean, scale } = problem.density.moments
  const start = Float64Array.of(0.3021, 0.31, 20.01)
  const angle = Math.atan2(5, scale)
  const carried = flow(problem.density, { rtol: 1e-10 }).carry(
    Float64Array.of(0, angle / 2, angle),
    start.map((value) => (value - mean[0]) / scale),
  )[2]
  const f = await solve(problem, exact(), { time: 5 })
  const back = f.ve.evaluate(
    5,
    carried.map((value) => mean[0] + value * Math.hypot(5, scale)),
  )
  back.forEach((value, i) => {
    expect(Math.abs(value - start[i])).toBeLessThan(1e-6)
  })
})
