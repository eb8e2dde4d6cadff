import { describe, expect, it } from 'vitest'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { points, pointsFromRows } from '../../src/points/points.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { smallProblems } from '../support/problems.ts'

const mixture = { kind: 'mixture', weights: [0.4, 0.6], means: [-1.5, 1.5], stds: [0.8, 0.6] }
const cases: [string, Problem, number, number][] = [
  ['gaussian, 3-D', smallProblems['gaussian, 3-D'], 3, 0.5],
  ['mixture, 1-D', smallProblems['mixture, 1-D'], 3, 0.5],
  [
    'mixture, 1-D, VP',
    parseProblem({ process: { kind: 'vp', betaMin: 0.1, betaMax: 20 }, data: mixture }),
    0.9,
    0.2,
  ],
  [
    'mixture, 1-D, sub-VP',
    parseProblem({ process: { kind: 'subVp', betaMin: 0.1, betaMax: 20 }, data: mixture }),
    0.7,
    0.3,
  ],
  ['product, 2-D', smallProblems['product, 2-D'], 3, 0.5],
  ['radial, 3-D', smallProblems['radial, 3-D'], 3, 0.5],
  [
    'points, 1-D',
    parseProblem({
      process: { kind: 've' },
      data: { kind: 'empirical', points: [[0], [1], [4]], bandwidth: 0 },
    }),
    3,
    0.2,
  ],
]

async function flowOf(problem: Problem, method: Method, time: number) {
  const { flow } = await solve(problem, method, { time })
  if (!flow) throw new Error(`${method.name} has a two-time map`)
  return flow
}

function worst(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
}

describe.each(cases)('f(t → u, x) of %s', (_, problem, t, u) => {
  it('is the same by the exact map and by characteristics, down and up', async () => {
    const X = sampleNoised(problem, t, 20, Random.stream(2, 'flow'))
    const closed = await flowOf(problem, exact(), t)
    const there = closed.evaluate(t, u, X)
    expect(worst(closed.evaluate(u, t, there).data, X.data)).toBeLessThan(1e-9)
    for (const coordinates of ['comoving', 't'] as const) {
      const flow = await flowOf(problem, rungeKutta({ rtol: 1e-12, atol: 1e-14, coordinates }), t)
      expect(worst(flow.evaluate(t, u, X).data, there.data)).toBeLessThan(1e-9)
      expect(worst(flow.evaluate(u, t, there).data, X.data)).toBeLessThan(1e-9)
    }
  })

  it('goes to 0 as f does, and over any time in between', async () => {
    const X = sampleNoised(problem, t, 20, Random.stream(3, 'flow'))
    const f = await solve(problem, exact(), { time: t })
    const { flow } = f
    expect(flow?.evaluate(t, 0, X).data).toEqual(f.evaluate(t, X).data)
    expect(flow?.evaluate(t, t, X).data).toEqual(X.data)
    const between = flow?.evaluate(t, u, X) ?? X
    expect(worst(f.evaluate(u, between).data, f.evaluate(t, X).data)).toBeLessThan(1e-9)
  })
})

it('data on points has no flow from t = 0', async () => {
  const [, problem, t] = cases[cases.length - 1]
  for (const method of [exact(), rungeKutta()]) {
    const flow = await flowOf(problem, method, t)
    expect(() => flow.evaluate(0, 1, pointsFromRows([[0.3]]))).toThrow(/is 0; expected/)
  }
})

it('a single point mass is left and reached along straight lines', async () => {
  const problem = parseProblem({
    process: { kind: 've' },
    data: { kind: 'empirical', points: [[2]], bandwidth: 0 },
  })
  const flow = await flowOf(problem, rungeKutta(), 4)
  expect(flow.evaluate(2, 3, points(Float64Array.of(4, 2, 0), 1)).data).toEqual(Float64Array.of(5, 2, -1))
  expect(() => flow.evaluate(0, 1, points(Float64Array.of(4), 1))).toThrow(/above 0 for a single point mass/)
})

it('times outside are refused', async () => {
  const flow = await flowOf(smallProblems['mixture, 1-D'], exact(), 3)
  const X = pointsFromRows([[1]])
  expect(() => flow.evaluate(3, 4, X)).toThrow(/u is 4/)
  expect(() => flow.evaluate(-1, 2, X)).toThrow(/t is -1/)
  expect(() => flow.evaluate(3, 1, pointsFromRows([[1, 2]]))).toThrow(/shape of points/)
})

it('maps by grids have none', async () => {
  const { gridMethod } = await import('../../solvers/grid/index.ts')
  const f = await solve(smallProblems['mixture, 1-D'], gridMethod({ scheme: 'forward-map', nodes: 41 }), {
    time: 3,
  })
  expect(f.flow).toBeUndefined()
})
