import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeTable, encodeTable } from '../../solvers/grid/forward-map/table-file.ts'
import {
  loadTable,
  saveTable,
  type TabulatedFunction,
  tableMethod,
  tabulate,
} from '../../solvers/grid/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { exactMap } from '../../src/exact/exact.ts'
import { drawNoised } from '../../src/metrics/carried-sample.ts'
import { points } from '../../src/points/points.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { mutated } from '../io/only-input-errors.ts'
import { referenceCase } from '../support/problems.ts'

const ve = { kind: 've' }
const line = {
  process: ve,
  data: { kind: 'mixture', weights: [0.4, 0.6], means: [-1.5, 1.5], stds: [0.8, 0.6] },
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'table-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** RMS over p_t of the distance of a table to the truth. */
async function rootMeanSquare(f: TabulatedFunction, density: Density, t: number): Promise<number> {
  const x = drawNoised(density, t, 4000, new Random(5))
  const values = f.ve.evaluate(t, x)
  const exact = exactMap(density)
  const truth = exact
    ? exact(t, x)
    : (await rungeKutta({ rtol: 1e-11, atol: 1e-12 }).solveVe(density, { time: t, seed: 0 })).evaluate(t, x)
  return Math.sqrt(values.reduce((sum, value, i) => sum + (value - truth[i]) ** 2, 0) / 4000)
}

const estimate = (f: TabulatedFunction) => Math.max(...f.table.errors.map(({ error }) => error))

describe('a table for all times', () => {
  it.each([0.01, 0.1, 0.33, 0.8, 1.7, 3.1, 4.9, 5])(
    'mixture-1d-t5 at t = %d is within its estimate',
    async (t) => {
      const { problem } = referenceCase('mixture-1d-t5')
      const f = await tabulate(problem, { time: 5, tolerance: 1e-6 })
      expect(estimate(f)).toBeLessThan(1e-6)
      expect(await rootMeanSquare(f, problem.density, t)).toBeLessThan(estimate(f))
    },
  )

  it('counts what it evaluates later on, beyond its nodes', async () => {
    const f = await tabulate(parseProblem(line), { time: 4, nodes: 65 })
    const before = f.info.functionEvaluations
    f.evaluate(4, points(Float64Array.of(400), 1))
    expect(f.info.functionEvaluations).toBeGreaterThan(before)
  })

  it('in two dimensions', async () => {
    const { problem } = referenceCase('mixture-2d-t10')
    const f = await tabulate(problem, { time: 10, nodes: 48 })
    for (const t of [0.05, 0.5, 1.1, 4, 10])
      expect(await rootMeanSquare(f, problem.density, t)).toBeLessThan(estimate(f))
    expect(estimate(f)).toBeLessThan(1e-3)
  })

  it('of an expensive density, the kernel density of a sample, is within its estimate of characteristics', async () => {
    const random = new Random(2)
    const rows = Array.from({ length: 300 }, (_, i) => [
      (i % 2 === 0 ? -1 : 1) + 0.4 * random.normal(),
      0.5 * random.normal(),
    ])
    const problem = parseProblem({
      process: ve,
      data: { kind: 'empirical', points: rows, bandwidth: 0.4 },
    })
    const f = await tabulate(problem, { time: 4, nodes: 40 })
    const before = f.info.functionEvaluations
    for (const t of [0.3, 1, 4]) expect(await rootMeanSquare(f, problem.density, t)).toBeLessThan(estimate(f))
    expect(estimate(f)).toBeLessThan(1e-4)
    // a few points beyond the table at most
    expect(f.info.functionEvaluations - before).toBeLessThan(4000)
  })

  it('of a process that reduces to VE', async () => {
    const { problem, t, points: x, f: truth } = referenceCase('vp-mixture-1d')
    const f = await tabulate(problem, { time: t, tolerance: 1e-6 })
    const values = f.evaluate(t, points(Float64Array.from(x.flat()), 1))
    truth.flat().forEach((value, i) => {
      expect(Math.abs(values.get(i, 0) - value)).toBeLessThan(1e-6)
    })
  })
})

describe('a saved table', () => {
  it('gives the same bits when it is loaded', async () => {
    const problem = parseProblem(line)
    const f = await tabulate(problem, { time: 3, nodes: 60 })
    const path = join(folder, 'a.bin')
    await saveTable(f, path)
    const g = await loadTable(path)
    const X = points(
      Float64Array.from({ length: 41 }, (_, i) => (i - 20) / 3),
      1,
    )
    for (const t of [0, 0.2, 1, 3]) expect(g.evaluate(t, X)).toEqual(f.evaluate(t, X))
    expect(g.ve.diagnostics).toEqual(f.ve.diagnostics)
    expect(await encodeTable(g.table)).toEqual(await encodeTable(f.table))
    expect((await readdir(folder)).filter((file) => file.endsWith('.tmp'))).toEqual([])
  })

  it('is refused for another problem and for later times', async () => {
    const f = await tabulate(parseProblem(line), { time: 3, nodes: 20 })
    const other = parseProblem({ ...line, data: { ...line.data, weights: [0.41, 0.59] } })
    await expect(solve(other, tableMethod(f.table), { time: 3 })).rejects.toThrow(/another problem/)
    await expect(solve(parseProblem(line), tableMethod(f.table), { time: 3.1 })).rejects.toThrow(/at most 3/)
    await solve(parseProblem(line), tableMethod(f.table), { time: 2 })
  })
})

describe('what is no table', () => {
  let valid: Uint8Array
  beforeAll(async () => {
    valid = await encodeTable((await tabulate(parseProblem(line), { time: 1, nodes: 8 })).table)
  })

  const refusal = async (bytes: Uint8Array) => {
    const path = join(folder, 'bad.bin')
    await writeFile(path, bytes)
    const error = await loadTable(path).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InputError)
    expect((error as Error).message).toMatch(/^[^\n]+; expected [^\n]+\.$/)
    return (error as Error).message
  }

  /** With the checksum made to fit. */
  async function signed(bytes: Uint8Array): Promise<Uint8Array> {
    const body = bytes.slice(0, -32)
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
    return Uint8Array.from([...body, ...digest])
  }

  it.each([
    ['an empty file', () => new Uint8Array(), /is no table file/],
    [
      'another kind of file',
      () => new TextEncoder().encode('\x93NUMPY and so on and on'),
      /is no table file/,
    ],
    ['a file cut off early', () => valid.slice(0, 20), /is cut off/],
    ['a file cut off late', () => valid.slice(0, -7), /checksum/],
    [
      'a changed value',
      () => valid.with(valid.length - 50, 1 + (valid[valid.length - 50] % 200)),
      /checksum/,
    ],
    ['another version', () => valid.with(8, 3), /version 3; expected version 2/],
  ])('%s', async (_, bytes, message) => {
    expect(await refusal(bytes())).toMatch(message)
  })

  it.each([
    ['a header longer than the file', (b: Uint8Array) => b.with(14, 255), /header/],
    ['a header that is no JSON', (b: Uint8Array) => b.with(16, 0x21), /is not JSON/],
    [
      'fewer values than the header says',
      (b: Uint8Array) => Uint8Array.from([...b.slice(0, -40), ...b.slice(-32)]),
      /bytes of images/,
    ],
    [
      'an infinite value',
      (b: Uint8Array) => b.with(b.length - 33, 0x7f).with(b.length - 34, 0xf0),
      /not finite/,
    ],
  ])('%s, though the checksum fits', async (_, change, message) => {
    expect(await refusal(await signed(change(valid)))).toMatch(message)
  })

  it('a missing file', async () => {
    await expect(loadTable(join(folder, 'missing.bin'))).rejects.toThrow(/does not exist/)
  })

  it('whatever was done to a file, it reads or is refused in one sentence', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(valid), fc.boolean(), async (bytes, sign) => {
        const error = await decodeTable(sign ? await signed(bytes) : bytes, 'it').catch(
          (reason: unknown) => reason,
        )
        if (!(error instanceof Error)) return
        expect(error).toBeInstanceOf(InputError)
        expect(error.message).toMatch(/^[^\n]+; expected [^\n]+\.$/)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a table that does not fit in memory is refused before it is allocated, naming its size', () => {
  const space = {
    process: ve,
    data: {
      kind: 'mixture',
      weights: [0.5, 0.5],
      means: [
        [-1, 0, 0],
        [1, 0, 0],
      ],
      stds: [0.5, 0.5],
    },
  }
  it.each([
    ['its grid', 400],
    ['its levels', 104],
  ])('for %s', async (_, nodes) => {
    const before = process.memoryUsage().arrayBuffers
    await expect(tabulate(parseProblem(space), { time: 5, nodes })).rejects.toThrow(
      new RegExp(`${nodes}\\^3 nodes take [\\d.]+ GiB`),
    )
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2e8)
  })
})
