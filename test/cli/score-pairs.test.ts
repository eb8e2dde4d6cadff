import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPoints, writePoints } from '../../src/io/points-files.ts'
import { points, pointsToRows } from '../../src/points/points.ts'
import { formatNumber } from '../../src/report/format.ts'
import { runCli } from './in-process.ts'
import { WorkFolder } from './work-folder.ts'

const N = 100
const [M, S] = [1, 2]
const data = { kind: 'gaussian', mean: [M], covariance: [[S * S]] }

let folder: WorkFolder
const file = (name: string) => folder.file(name)
const sampling = (problem: string, time: number, ...more: string[]) => [
  ...['--problem', file(problem), '--time', String(time), '--samples', String(N), '--seed', '2', ...more],
]
async function run(...args: string[]) {
  const { code, stdout, stderr } = await runCli([...args, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}
async function refused(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr.trim().split('\n')).toHaveLength(1)
  return stderr
}

beforeAll(async () => {
  folder = await WorkFolder.create({
    'fm.json': JSON.stringify({ process: { kind: 'flowMatching' }, data }),
    've.json': JSON.stringify({ process: { kind: 've' }, data }),
    'times.json': '[[0.2], [0.5], [1]]',
  })
})
afterAll(() => folder.remove())

test('points are not written over the problem that they are of', async () => {
  const before = await readFile(file('fm.json'), 'utf8')
  const said = await refused('points', '--problem', file('fm.json'), '--time', '1', '--out', file('fm.json'))
  expect(said).toContain('is a file to read')
  expect(await readFile(file('fm.json'), 'utf8')).toBe(before)
})

/** The flow of the Gaussian under flow matching, its mean and spread at a time. */
const spread = (t: number) => Math.hypot(S * (1 - t), t)
const middle = (t: number) => M * (1 - t)
const flow = (t: number, u: number, x: number) => middle(u) + (spread(u) / spread(t)) * (x - middle(t))

describe('a two-time map', () => {
  test.each([
    ['map', []],
    ['average-velocity', ['--times', 'times.json']],
    ['map', ['--to', '0.1']],
  ])('is measured by its values at pairs (%s %s)', async (valuesAre, extra) => {
    const more = extra.map((one) => (one.endsWith('.json') ? file(one) : one))
    const options = sampling('fm.json', 1, '--pairs', ...more)
    const made = await run('points', ...options, '--out', file('p.npy'), '--weights', file('w.npy'))
    const rows = pointsToRows(await readPoints(file('p.npy')))
    const weights = pointsToRows(await readPoints(file('w.npy'))).flat()
    expect(rows).toHaveLength(made.rows)
    expect(made.rows).toBe(made.pairs * N)
    const to = extra[0] === '--to' ? 0.1 : 0
    expect(Math.min(...rows.map(([, u]) => u))).toBe(to)
    expect(rows.every(([t, u]) => u < t)).toBe(true)
    // row i of every pair is the same trajectory
    const apart = rows.map(([t, , x], i) => {
      const [other, , place] = rows[i % N]
      return Math.abs(flow(t, 0.3, x) - flow(other, 0.3, place))
    })
    expect(Math.max(...apart)).toBeLessThan(1e-7)
    // off by (t − u)/10 of the place there
    const f = rows.map(([t, u, x]) => flow(t, u, x) * (1 + 0.1 * (t - u)))
    const values = valuesAre === 'map' ? f : rows.map(([t, u, x], i) => (x - f[i]) / (t - u))
    await writePoints(file('v.npy'), points(Float64Array.from(values), 1))
    const given = ['--values', file('v.npy'), '--points', file('p.npy'), '--values-are', valuesAre]
    const found = await run('score', ...options, ...given)
    expect(found.pairs).toHaveLength(made.pairs)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    for (const [k, pair] of found.pairs.entries()) {
      const [t, u] = rows[k * N]
      expect(pair).toMatchObject({ from: t, to: u })
      const square = weights.reduce((sum, w, row) => sum + w * flow(t, u, rows[k * N + row][2]) ** 2, 0)
      expect(pair.error).toBeCloseTo((0.1 * (t - u) * Math.sqrt(square / total)) / spread(u), 7)
    }
    const whole = found.pairs.find((pair: { from: number; to: number }) => pair.from === 1 && pair.to === to)
    // relative to the spread of the data, in the scale of the data
    expect(found.trueError.value).toBeCloseTo((whole.error * spread(to)) / (1 - to) / S, 7)
    expect(found).toMatchObject({ by: 'increments', to, initialError: 0 })
    expect(found.incrementBound).toBeGreaterThanOrEqual(found.trueError.value * (1 - 1e-12))
    const { code, stdout } = await runCli(['score', ...options, ...given])
    expect(code).toBe(0)
    expect(stdout).toContain('from each time t to each earlier one u')
  })

  test('has a page with its error by pair of times and when that of the map to the data arises', async () => {
    const options = sampling('fm.json', 1, '--pairs', '--times', file('times.json'))
    await run('points', ...options, '--out', file('p.npy'))
    const rows = pointsToRows(await readPoints(file('p.npy')))
    const f = rows.map(([t, u, x]) => flow(t, u, x) * (1 + 0.1 * (t - u)))
    await writePoints(file('v.npy'), points(Float64Array.from(f), 1))
    const found = await run('score', ...options, '--values', file('v.npy'), '--report', file('page'))
    const page = await readFile(file('page/report.html'), 'utf8')
    const table = /Error from each time t to each earlier one u(.*?)<\/table>/s.exec(page)?.[1] ?? ''
    const cells = Array.from(table.matchAll(/<td[^>]*>([^<]*)<\/td>/g), ([, text]) => text)
    // times 0.2, 0.5 and 1 down, 0, 0.2 and 0.5 across
    const error = (from: number, to: number) =>
      found.pairs.find((pair: { from: number; to: number }) => pair.from === from && pair.to === to).error
    const shown = [
      ...[error(0.2, 0), error(0.5, 0), error(0.5, 0.2)],
      ...[0, 0.2, 0.5].map((u) => error(1, u)),
    ]
    for (const value of shown) expect(cells).toContain(formatNumber(value))
    expect(cells.filter((cell) => cell === '')).toHaveLength(3)
    expect(page).toMatch(/Command<\/dt>\s*<dd>consistency-pde score .*--pairs/)
    const results = JSON.parse(await readFile(file('page/results.json'), 'utf8'))
    expect(results.pairs).toEqual(found.pairs)
    expect(results.diagnosis.error).toBeCloseTo(found.trueError.value, 1)
    expect(await readFile(file('page/figures/error-by-pair.svg'), 'utf8')).toContain('to u = 0.2')
  })

  test('is refused by options that are for one time', async () => {
    const options = sampling('fm.json', 1, '--pairs')
    expect(
      await refused('points', ...options, '--out', file('p.npy'), '--directions', file('d.npy')),
    ).toContain('--directions is given together with --pairs')
    expect(
      await refused('score', ...options, '--values', file('v.npy'), '--tangents', file('v.npy')),
    ).toContain('--tangents is given together with --pairs')
    expect(await refused('points', ...options, '--intervals', '4000', '--out', file('p.npy'))).toMatch(
      /^--pairs makes \d+ rows/,
    )
  })
})

describe('a model with f(σ_min, x) = x', () => {
  const U = 0.5
  const spreadVe = (t: number) => Math.hypot(S, t)
  const flowVe = (t: number, u: number, x: number) => M + (spreadVe(u) / spreadVe(t)) * (x - M)

  test.each([[[]], [['--intervals', '16']], [['--start', '0.8']]])(
    'is compared with the map to σ_min (%s)',
    async (more) => {
      const options = sampling('ve.json', 10, '--to', String(U), ...more)
      await run('points', ...options, '--out', file('p.npy'), '--directions', file('d.npy'))
      const rows = pointsToRows(await readPoints(file('p.npy')))
      expect(rows[0][0]).toBeCloseTo(more[0] === '--start' ? 0.8 : U, 12)
      // off by a part that is 0 at σ_min
      const [off, rate] = [(t: number) => 0.05 * Math.log(t / U), (t: number) => 0.05 / t]
      const f = rows.map(([t, x]) => flowVe(t, U, x) + off(t))
      const tangents = rows.map(([t]) => rate(t))
      await writePoints(file('v.npy'), points(Float64Array.from(f), 1))
      await writePoints(file('g.npy'), points(Float64Array.from(tangents), 1))
      const by = async (...extra: string[]) => run('score', ...options, '--values', file('v.npy'), ...extra)
      for (const found of [await by(), await by('--tangents', file('g.npy'))]) {
        expect(found.to).toBe(U)
        expect(found.trueError.value).toBeCloseTo(off(10) / S, 8)
        expect(found.initialError).toBeCloseTo(off(rows[0][0]) / S, 8)
        expect(found.estimate).toBeCloseTo(off(10) / S, 3)
      }
      // against the data it has the distance from σ_min to 0 too
      const plain = sampling('ve.json', 10, '--start', String(U))
      await run('points', ...plain, '--out', file('q.npy'))
      const others = pointsToRows(await readPoints(file('q.npy')))
      const same = others.map(([t, x]) => flowVe(t, U, x) + off(t))
      await writePoints(file('v.npy'), points(Float64Array.from(same), 1))
      const data = await run('score', ...plain, '--values', file('v.npy'))
      expect(data.trueError.value).toBeGreaterThan(off(10) / S + 1e-4)
    },
  )

  test('is refused where the times contradict each other', async () => {
    const out = ['--out', file('p.npy')]
    expect(await refused('points', ...sampling('ve.json', 10, '--to', '10'), ...out)).toContain(
      '--to is 10; expected a time below 10',
    )
    expect(
      await refused('points', ...sampling('ve.json', 10, '--to', '1', '--start', '0.5'), ...out),
    ).toContain('--start is 0.5; expected at least 1, the --to')
    expect(
      await refused(
        'points',
        ...sampling('fm.json', 1, '--to', '0.3', '--times', file('times.json')),
        ...out,
      ),
    ).toContain('begins at the time 0.2; expected at least 0.3')
  })
})
