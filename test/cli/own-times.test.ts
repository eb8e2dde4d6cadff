import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPoints, writePoints } from '../../src/io/points-files.ts'
import { points, pointsToRows } from '../../src/points/points.ts'
import { runCli } from './in-process.ts'
import { WorkFolder } from './work-folder.ts'

const N = 400
const [M, S] = [1, 2]
const TIMES = [1, 10, 77, 200]
const gaussian = { kind: 'gaussian', mean: [M], covariance: [[S * S]] }
/** What the map is off by at each time, as a share of x₀. */
const OFF = [0.01, 0.05, -0.02, 0.04]

let folder: WorkFolder
const file = (name: string) => folder.file(name)
const sampling = (...more: string[]) => [
  ...['--problem', file('ddpm.json'), '--time', '200', '--samples', String(N), '--seed', '2', ...more],
]

beforeAll(async () => {
  folder = await WorkFolder.create({
    'ddpm.json': JSON.stringify({ process: { kind: 'ddpm', steps: 200, end: 0.05 }, data: gaussian }),
    'atoms.json': JSON.stringify({
      process: { kind: 've' },
      data: { kind: 'empirical', points: [[-1], [2]], bandwidth: 0 },
    }),
    'times.json': JSON.stringify(TIMES.map((t) => [t])),
    'times.csv': `t\n${TIMES.join('\n')}\n`,
    'back.json': '[[1], [50], [20], [200]]',
    'early.json': '[[1], [100]]',
    'one.json': '[[200]]',
    'late.json': '[[1], [300]]',
    'wide.json': '[[1, 2], [3, 200]]',
    'zero.json': '[[0], [1], [3]]',
    'above.json': '[[0.5], [1], [3]]',
  })
})
afterAll(() => folder.remove())

/** α² of the linear schedule, from its definition. */
function alphaSquared(n: number): number {
  let product = 1
  for (let i = 0; i < n; i++) product *= 1 - (1e-4 + ((0.05 - 1e-4) * i) / 199)
  return product
}

async function pointsOf(times: string) {
  const outputs = ['--out', file('p.npy'), '--weights', file('w.npy'), '--times', file(times)]
  const { code, stdout, stderr } = await runCli(['points', ...sampling(...outputs), '--json'])
  expect([code, stderr]).toEqual([0, ''])
  const record = JSON.parse(stdout)
  expect(record).toMatchObject({ rows: TIMES.length * N, intervals: null, weights: file('w.npy') })
  const rows = pointsToRows(await readPoints(file('p.npy')))
  const weights = pointsToRows(await readPoints(file('w.npy'))).flat()
  return { rows, weights }
}

describe('times of one’s own', () => {
  test('have a page, which says when the error arises by the increments', async () => {
    const { rows } = await pointsOf('times.json')
    const values = Float64Array.from(rows, (_, i) => OFF[Math.floor(i / N)])
    await writePoints(file('off.npy'), points(values, 1))
    const args = [...sampling('--times', file('times.json')), '--values', file('off.npy')]
    const { code, stderr } = await runCli(['score', ...args, '--report', file('page')])
    expect([code, stderr]).toEqual([0, ''])
    expect(await readFile(file('page/report.html'), 'utf8')).toMatch(
      /Half of the sum of its increments arises at t between [\d.]+ and [\d.]+ data scales/,
    )
  })

  test.each(['times.json', 'times.csv'])('are those of the points, to the bit (%s)', async (name) => {
    const { rows, weights } = await pointsOf(name)
    expect([...new Set(rows.map(([t]) => t))]).toEqual(TIMES)
    // every row of a trajectory has the start that the map of the Gaussian gives it
    const starts = rows.map(([t, x]) => {
      const alpha = Math.sqrt(alphaSquared(t))
      return M + (S * (x - alpha * M)) / Math.sqrt(alpha ** 2 * S ** 2 + 1 - alpha ** 2)
    })
    for (const [i, start] of starts.entries()) expect(start).toBeCloseTo(starts[i % N], 8)

    const values = starts.map((start, i) => start * (1 + OFF[Math.floor(i / N)]))
    await writePoints(file('v.npy'), points(Float64Array.from(values), 1))
    const args = [...sampling('--times', file(name)), '--values', file('v.npy'), '--points', file('p.npy')]
    const { code, stdout, stderr } = await runCli(['score', ...args, '--json'])
    expect([code, stderr]).toEqual([0, ''])
    const found = JSON.parse(stdout)
    // by the weights that were written
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const square = weights.reduce((sum, weight, row) => sum + weight * starts[row] ** 2, 0) / total
    const unit = Math.sqrt(square) / S
    expect(found.trueError.value).toBeCloseTo(0.04 * unit, 8)
    const sizes = OFF.map((off, k) => Math.abs(off - (k > 0 ? OFF[k - 1] : 0)) * unit)
    expect(found.estimate).toBeCloseTo(
      sizes.reduce((sum, size) => sum + size),
      8,
    )
    expect(found).toMatchObject({ by: 'increments', bound: true, estimate: found.incrementBound })
    expect(found.increments.map(({ to }: { to: number }) => to)).toEqual(TIMES.slice(1))
    expect(
      found.byTime.map(({ time, residual }: { time: number; residual: null }) => [time, residual]),
    ).toEqual(TIMES.map((t) => [t, null]))
    expect(found.interval[0]).toBeLessThan(found.estimate)
    expect(found.interval[1] - found.estimate).toBeGreaterThan(0.01 * found.estimate)
    const text = await runCli(['score', ...args])
    expect(text.stdout).toMatch(/At times of your own that sum is the bound .*no residual is integrated/)
    expect(text.stdout).not.toMatch(/by the residual/)
  })

  test('take average velocities in place of the map', async () => {
    const { rows } = await pointsOf('times.json')
    const velocities = rows.map(([t, x]) => {
      const alpha = Math.sqrt(alphaSquared(t))
      const start = M + (S * (x - alpha * M)) / Math.sqrt(alpha ** 2 * S ** 2 + 1 - alpha ** 2)
      return (x - (start + 0.1)) / t
    })
    await writePoints(file('u.npy'), points(Float64Array.from(velocities), 1))
    const args = [...sampling('--times', file('times.json')), '--values', file('u.npy')]
    const whole = [...args, '--values-are', 'average-velocity']
    const found = JSON.parse((await runCli(['score', ...whole, '--json'])).stdout)
    expect(found.trueError.value).toBeCloseTo(0.1 / S, 8)
    expect(found.initialError).toBeCloseTo(0.1 / S, 8)
    const { code, stderr } = await runCli(['score', ...whole, '--tangents', file('u.npy')])
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/--tangents is given with --values-are average-velocity/),
    ])
  })

  test('need not begin at 0 for data on points', async () => {
    const args = ['--problem', file('atoms.json'), '--time', '3', '--samples', '40', '--out', file('a.json')]
    expect((await runCli(['points', ...args, '--times', file('zero.json')])).stderr).toMatch(
      /begins at the time 0; expected a time above it/,
    )
    expect((await runCli(['points', ...args, '--times', file('above.json')])).code).toBe(0)
    const rows = pointsToRows(await readPoints(file('a.json')))
    expect([...new Set(rows.map(([t]) => t))]).toEqual([0.5, 1, 3])
  })

  test.each([
    [['--times', 'back.json'], /has the time 20 after 50; expected ascending times/],
    [['--times', 'early.json'], /ends at the time 100; expected 200, as --time says/],
    [['--times', 'one.json'], /has 1 times; expected 2 to 10000/],
    [
      ['--times', 'late.json'],
      /late.json: time 2 is 300; expected a finite number at least 0 and at most 200/,
    ],
    [['--times', 'wide.json'], /has 2 columns; expected one, of times/],
    [['--times', 'none.json'], /none.json does not exist/],
    [['--times', 'times.json', '--start', '1'], /--start is given together with --times/],
    [['--times', 'times.json', '--intervals', '8'], /--intervals is given together with --times/],
  ])('%o is refused', async (args, message) => {
    const own = args.map((arg) => (arg.endsWith('.json') ? file(arg) : arg))
    const { code, stderr } = await runCli(['points', ...sampling('--out', file('x.npy'), ...own)])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  test('have no tangents', async () => {
    await pointsOf('times.json')
    const args = ['--values', file('w.npy'), '--tangents', file('w.npy'), '--times', file('times.json')]
    await writePoints(file('w.npy'), points(new Float64Array(TIMES.length * N), 1))
    expect((await runCli(['score', ...sampling(...args)])).stderr).toMatch(
      /--tangents is given together with --times/,
    )
  })
})

test('the second line says where a map does not beat the Gaussian one, and only there', async () => {
  const args = ['--problem', file('atoms.json'), '--time', '5', '--samples', '300', '--intervals', '8']
  expect((await runCli(['points', ...args, '--out', file('a.npy')])).code).toBe(0)
  const rows = pointsToRows(await readPoints(file('a.npy')))
  const score = async (f: (x: number) => number) => {
    const values = points(
      Float64Array.from(rows, ([, x]) => f(x)),
      1,
    )
    await writePoints(file('a-values.npy'), values)
    const { code, stdout } = await runCli(['score', ...args, '--values', file('a-values.npy')])
    expect(code).toBe(0)
    return stdout.split('\n')
  }
  // the mean of the data
  const [first, second] = await score(() => 0.5)
  const [, error, baseline] =
    /is (\S+) .*\n.* does not beat the baseline, .* which has (\S+)\.$/.exec(`${first}\n${second}`) ?? []
  expect(Number(error)).toBeCloseTo(1, 1)
  expect(Number(baseline)).toBeLessThan(0.8)
  // the nearer of the two
  expect((await score((x) => (x > 0.5 ? 2 : -1))).join('\n')).not.toMatch(/baseline/)
})
