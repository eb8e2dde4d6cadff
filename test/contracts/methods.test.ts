import { expect, it } from 'vitest'
import { encodeTable, tabulate } from '../../solvers/grid/index.ts'
import {
  createMethod,
  type MethodKind,
  type MethodSpecOf,
  methodSchemas,
} from '../../solvers/method-specification.ts'
import { trainModel } from '../../solvers/neural/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { solve } from '../../src/solve.ts'

const problem = createProblem({
  process: { kind: 've' },
  data: { kind: 'gaussian', mean: [1], covariance: [[0.25]] },
})
const TIME = 3
const X = Float64Array.of(-2, 0.5, 4)
const truth = X.map((x) => 1 + (x - 1) * (0.5 / Math.hypot(0.5, TIME)))

const table = await tabulate(problem, { time: TIME, nodes: 32 })
const training = { loss: 'pinn', steps: 2, batch: 32, width: 8, layers: 1 } as const
const { model } = await trainModel(problem, { ...training, time: TIME })

/** One of each kind, and how near to the truth its map is. */
const examples = {
  exact: [{ kind: 'exact' }, 1e-14],
  gaussian: [{ kind: 'gaussian' }, 1e-14],
  characteristics: [{ kind: 'characteristics', tableau: 'tsit5', rtol: 1e-9, atol: 1e-11 }, 1e-8],
  grid: [{ kind: 'grid', scheme: 'weno5', nodes: 65 }, 1e-3],
  table: [{ kind: 'table', path: 'a table', bytes: await encodeTable(table.table) }, 1e-5],
  sampler: [{ kind: 'sampler', solver: 'heun', steps: 64 }, 1e-2],
  model: [{ kind: 'model', loaded: { model } }, 1],
  train: [{ kind: 'train', ...training }, 1],
} satisfies { [K in MethodKind]: [MethodSpecOf<K>, number] }

it.each(Object.entries(examples))('%s is made of plain data, and is f', async (kind, [spec, tolerance]) => {
  expect(methodSchemas[kind as MethodKind].parse(spec)).toEqual(spec)
  const method = await createMethod(structuredClone(spec), { threads: 1 })
  const f = await solve(problem, method, { time: TIME })
  const error = Math.max(...f.ve.evaluate(TIME, X).map((value, i) => Math.abs(value - truth[i])))
  expect(error).toBeLessThan(tolerance)
})

it.each([
  ['an unknown tableau', { kind: 'characteristics', tableau: 'rk99' as never }, /tableau is "rk99"/],
  ['an unknown sampler', { kind: 'sampler', solver: 'magic' as never }, /solver is "magic"/],
  [
    'a tolerance for trajectories of a scheme without',
    { kind: 'grid', scheme: 'upwind', rtol: 1e-6 },
    /no rtol/,
  ],
  ['a model from nowhere', { kind: 'model' }, /path is missing/],
] as const)('%s is refused', async (_, spec, message) => {
  await expect(createMethod(spec)).rejects.toThrow(message)
})
