import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadTable, saveTable, type TabulatedFunction, tabulate } from '../../solvers/grid/index.ts'
import { trainModel } from '../../solvers/neural/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { drawNoised } from '../../src/metrics/carried-sample.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'
import { briefTraining, pair } from '../neural/problems.ts'
import { referenceCase } from '../support/problems.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'table-uses-'))
})
afterAll(() => rm(folder, { recursive: true }))

const estimate = (f: TabulatedFunction) => Math.max(...f.table.errors.map(({ error }) => error))

/** The root mean square distance of a table to characteristics over points of p_t. */
async function distance(
  f: TabulatedFunction,
  { density }: Problem,
  t: number,
  count: number,
): Promise<number> {
  const x = drawNoised(density, t, count, new Random(5))
  const solved = await rungeKutta({ rtol: 1e-9, atol: 1e-10 }).solveVe(density, { time: t, seed: 0 })
  const truth = solved.evaluate(t, x)
  return Math.sqrt(f.ve.evaluate(t, x).reduce((sum, value, i) => sum + (value - truth[i]) ** 2, 0) / count)
}

describe('a table in three dimensions', () => {
  let f: TabulatedFunction
  const { problem, t: time } = referenceCase('mixture-3d-t20')
  beforeAll(async () => {
    f = await tabulate(problem, { time, nodes: 24 })
  }, 30_000)

  it('estimates its error at eight times', () => {
    expect(f.table.errors).toHaveLength(8)
    expect(f.table.errors.map(({ time }) => time)).toEqual(
      f.table.errors.map(({ time }) => time).sort((a, b) => a - b),
    )
    // of the worst probe in any mode, not of the root mean square, which is a hundredth of it here
    expect(estimate(f)).toBeLessThan(2)
  })

  it.each([0.02, 0.3, 1.1, 5, 19])('is within that estimate at t = %d', async (t) => {
    expect(await distance(f, problem, t, 1000)).toBeLessThan(estimate(f))
  })

  it('is the same at a time in between when it is loaded', async () => {
    const path = join(folder, 'space.bin')
    await saveTable(f, path)
    const x = drawNoised(problem.density, 2.3, 200, new Random(1))
    expect((await loadTable(path)).ve.evaluate(2.3, x)).toEqual(f.ve.evaluate(2.3, x))
  })
})

describe('a table of a score network', () => {
  let problem: Problem
  let f: TabulatedFunction
  beforeAll(async () => {
    await trainModel(pair, { ...briefTraining, loss: 'score', out: join(folder, 'score') })
    const file = join(folder, 'problem.json')
    await writeFile(
      file,
      JSON.stringify({ process: { kind: 've' }, data: { kind: 'neural', model: 'score' } }),
    )
    problem = await readProblem(file)
    f = await tabulate(problem, { time: 5, nodes: 101 })
  }, 30_000)

  it.each([0.05, 0.7, 2, 5])('is the flow of that network at t = %d', async (t) => {
    expect(estimate(f)).toBeLessThan(1e-3)
    expect(await distance(f, problem, t, 400)).toBeLessThan(estimate(f))
  })

  it('asks the network for nothing once it is made', () => {
    // points within the table at all times
    const x = Float64Array.from({ length: 500 }, (_, i) => -2 + i / 125)
    const before = f.info.functionEvaluations
    for (const t of [0.1, 1, 4]) f.ve.evaluate(t, x)
    expect(f.info.functionEvaluations).toBe(before)
  })

  it('is kept in a file with the network', async () => {
    const path = join(folder, 'neural.bin')
    await saveTable(f, path)
    const x = Float64Array.of(-2, 0.1, 1.7)
    const again = await loadTable(path)
    expect(again.ve.evaluate(1.3, x)).toEqual(f.ve.evaluate(1.3, x))
  })
})
