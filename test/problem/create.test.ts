import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ndarray from 'ndarray'
import { describe, expect, it } from 'vitest'
import { weno5 } from '../../solvers/grid/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem, parseProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { readPoints, writePoints } from '../../src/io/points-files.ts'
import { pointsToRows } from '../../src/points/points.ts'
import { score } from '../../src/problem/evaluate.ts'
import { solve } from '../../src/solve.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'

const data = { kind: 'gaussian', mean: [0], covariance: [[1]] } as const

describe('what the compiler refuses is refused at run time too', () => {
  it.each([
    // @ts-expect-error a misspelt key
    () => createProblem({ procss: { kind: 've' }, data }),
    // @ts-expect-error a misspelt kind of process
    () => createProblem({ process: { kind: 'vee' }, data }),
    // @ts-expect-error a misspelt kind of data
    () => createProblem({ process: { kind: 've' }, data: { ...data, kind: 'gausian' } }),
    // @ts-expect-error a misspelt key of data
    () => createProblem({ process: { kind: 've' }, data: { kind: 'gaussian', mean: [0], cov: [[1]] } }),
    // @ts-expect-error a key of another process
    () => createProblem({ process: { kind: 've', betaMax: 20 }, data }),
    // @ts-expect-error data of no kind
    () => createProblem({ process: { kind: 've' }, data: {} }),
    // @ts-expect-error no object
    () => createProblem(42),
    // @ts-expect-error what a file holds goes to parseProblem
    () => createProblem(JSON.parse('{}') as unknown),
  ])('%#', (make) => {
    expect(make).toThrow(InputError)
  })
})

it('a specification may leave out defaults and be declared as constant', () => {
  const spec = {
    process: { kind: 'vp' },
    data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1, 1], stds: [0.1, 0.1] },
  } as const
  const typed: ProblemSpec = spec
  expect(createProblem(typed).specification.process).toEqual({ kind: 'vp', betaMin: 0.1, betaMax: 20 })
  expect(parseProblem(structuredClone(spec)).specification).toEqual(createProblem(spec).specification)
})

it('what a problem records of itself makes it again', () => {
  const { specification } = createProblem({ process: { kind: 'cosine' }, data })
  expect(parseProblem(specification).specification).toEqual(specification)
})

describe('points of the data', () => {
  const rows = [
    [0, 1],
    [2, 3],
    [4, 6],
  ]
  const flat = rows.flat()
  const empirical = (points: Extract<ProblemSpec['data'], { kind: 'empirical' }>['points']) =>
    createProblem({ process: { kind: 've' }, data: { kind: 'empirical', points, bandwidth: 0.5 } })

  it.each([
    ['rows', rows],
    ['a typed array with a shape', { data: Float32Array.from(flat), shape: [3, 2] }],
    ['an ndarray by columns', ndarray(Float64Array.of(0, 2, 4, 1, 3, 6), [2, 3]).transpose(1, 0)],
  ])('are %s', (_, points) => {
    const problem = empirical(points)
    expect(problem.specification).toEqual(empirical(rows).specification)
    expect(JSON.parse(JSON.stringify(problem.specification)).data.points).toEqual(rows)
  })

  it('are those of a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'points-'))
    try {
      const path = join(folder, 'points.npy')
      await writePoints(path, { data: Float32Array.from(flat), shape: [3, 2] })
      expect(empirical(await readPoints(path)).specification).toEqual(empirical(rows).specification)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('are refused by name', () => {
    expect(() => empirical({ data: flat, shape: [2, 2] })).toThrow(
      'the data of problem.data.points is "6 numbers"; expected 4, as its shape is [2,2].',
    )
  })
})

it('f, its flow, its Jacobian and the score take rows', async () => {
  const problem = createProblem({ process: { kind: 've' }, data })
  const f = await solve(problem, rungeKutta({ rtol: 1e-10 }), { time: 10 })
  const [a, b] = pointsToRows(f.evaluate(10, [[3], [-5]])).flat()
  expect(a).toBeCloseTo(3 / Math.sqrt(101), 8)
  expect(b).toBeCloseTo(-5 / Math.sqrt(101), 8)
  expect(pointsToRows(f.flow?.evaluate(10, 10, [3, -5]) ?? [])).toEqual([[3], [-5]])
  expect(f.jacobian?.(10, [[3]]).shape).toEqual([1, 1, 1])
  expect(pointsToRows(score(problem, 0, { data: Float32Array.of(2), shape: [1, 1] }))).toEqual([[-2]])
})

it('f says itself what a user must know of it', async () => {
  const layer = createProblem({
    process: { kind: 've' },
    data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1, 1], stds: [0.01, 0.01] },
  })
  const coarse = await solve(layer, weno5({ nodes: 33 }), { time: 2 })
  expect(coarse.warnings.length).toBeGreaterThan(0)
  expect(coarse.warnings).toEqual(coarse.ve.warnings)
  expect((await solve(layer, rungeKutta(), { time: 2 })).warnings).toEqual([])
})
