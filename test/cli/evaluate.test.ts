import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { formatNpy } from '../../src/io/npy.ts'
import { readPoints } from '../../src/io/points-files.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { version } from '../../src/version.ts'
import { runCli } from './in-process.ts'
import { gaussian, mixture, WorkFolder } from './work-folder.ts'

const rows = [[1], [3], [-5.25], [0.1]]
const plane = [
  [1, 2],
  [-3, 0.5],
  [4, 4],
]
const exactGaussian = (t: number) => rows.map(([x]) => [1 + (2 * (x - 1)) / Math.sqrt(4 + t * t)])

let folder: WorkFolder
beforeAll(async () => {
  folder = await WorkFolder.create({
    'gaussian.json': JSON.stringify(gaussian),
    'wrapped.json': JSON.stringify({ name: 'g', problem: gaussian, t: 3, points: rows, f: rows }),
    'mixture.json': JSON.stringify(mixture),
    'atoms.json': JSON.stringify({
      process: { kind: 've' },
      data: { kind: 'empirical', points: [[0], [1]], bandwidth: 0 },
    }),
    'far.json': '[[1.7e308]]',
    'points.json': JSON.stringify(rows),
    'points.csv': `x\n${rows.join('\n')}\n`,
    'points.npy': formatNpy(pointsFromRows(rows)),
    'plane.json': JSON.stringify(plane),
  })
})
afterAll(() => folder.remove())

function evaluate(options: Readonly<Record<string, string | number>>, ...flags: string[]) {
  const files = ['problem', 'points', 'out']
  const args = Object.entries(options).flatMap(([name, value]) => [
    `--${name}`,
    files.includes(name) ? folder.file(String(value)) : String(value),
  ])
  return runCli(['evaluate', ...args, ...flags])
}

const base = { problem: 'gaussian.json', method: 'exact', time: 3, points: 'points.json', out: 'out.json' }

describe('evaluate', () => {
  test('writes f(T, X), and prints one JSON object on stdout', async () => {
    const { code, stdout, stderr } = await evaluate(base, '--json')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.trim().split('\n')).toHaveLength(1)
    const { seconds, ...rest } = JSON.parse(stdout)
    expect(rest).toEqual({
      method: 'exact',
      time: 3,
      count: 4,
      dimension: 1,
      functionEvaluations: 0,
      options: {},
      seed: 0,
      version,
    })
    expect(seconds).toBeGreaterThanOrEqual(0)
    expect(seconds).toBeLessThan(1)
    const f = pointsToRows(await readPoints(folder.file('out.json')))
    expect(f).toHaveLength(4)
    f.forEach(([value], i) => {
      expect(value).toBeCloseTo(exactGaussian(3)[i][0], 14)
    })
  })

  test('says in a sentence what was done without --json', async () => {
    const { code, stdout } = await evaluate(base)
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^exact: 4 points of dimension 1 at time 3 in \S+ s, 0 evaluations of the score\. Written to .*out\.json\n$/,
    )
  })

  test.each(['points.csv', 'points.npy'])(
    'reads %s, and all formats give the same numbers',
    async (points) => {
      await evaluate(base)
      const expected = pointsToRows(await readPoints(folder.file('out.json')))
      for (const out of ['out.csv', 'out.npy', 'out2.json']) {
        expect((await evaluate({ ...base, points, out })).code).toBe(0)
        expect(pointsToRows(await readPoints(folder.file(out)))).toEqual(expected)
      }
    },
  )

  test('reads a file that holds the problem under "problem"', async () => {
    expect((await evaluate({ ...base, problem: 'wrapped.json', out: 'wrapped-out.json' })).code).toBe(0)
    expect(await readFile(folder.file('wrapped-out.json'))).toEqual(await readFile(folder.file('out.json')))
  })

  test('characteristics takes its options and agrees with the exact map', async () => {
    const options = { tableau: 'dopri5', rtol: 1e-9, atol: '1e-11', coordinates: 't' }
    const outcome = await evaluate(
      { ...base, method: 'characteristics', ...options, out: 'c.json' },
      '--json',
    )
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    const result = JSON.parse(outcome.stdout)
    expect(result.method).toMatch(/^characteristics/)
    expect(result.options).toMatchObject({ tableau: 'dopri5', rtol: 1e-9, atol: 1e-11, coordinates: 't' })
    expect(result.functionEvaluations).toBeGreaterThan(4)
    const f = pointsToRows(await readPoints(folder.file('c.json')))
    f.forEach(([value], i) => {
      expect(Math.abs(value - exactGaussian(3)[i][0])).toBeLessThan(1e-7)
    })
  })

  test('grid takes its options and agrees with characteristics', async () => {
    const problem = { problem: 'mixture.json', points: 'plane.json', time: 4 }
    const grid = await evaluate(
      { ...base, ...problem, method: 'grid', scheme: 'forward-map', nodes: 64, out: 'g.npy' },
      '--json',
    )
    expect(grid).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(grid.stdout)).toMatchObject({ method: 'grid:forward-map', count: 3, dimension: 2 })
    expect((await evaluate({ ...base, ...problem, method: 'characteristics', out: 'g2.npy' })).code).toBe(0)
    const [a, b] = [await readPoints(folder.file('g.npy')), await readPoints(folder.file('g2.npy'))]
    a.data.forEach((value, i) => {
      expect(Math.abs(value - b.data[i])).toBeLessThan(1e-4)
    })
  })

  test('options may be given as --name=value, and the shared ones before the command', async () => {
    const args = ['problem', 'points', 'out'].map(
      (name) => `--${name}=${folder.file(base[name as keyof typeof base] as string)}`,
    )
    const outcome = await runCli([
      '--json',
      '--seed',
      '-7',
      'evaluate',
      '--method=exact',
      '--time=3e0',
      ...args,
      '--threads=2',
      '--quick',
    ])
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(outcome.stdout)).toMatchObject({ seed: -7, time: 3 })
  })

  test('a failure of the computation is exit code 1: one sentence, no file, a stack only when debugging', async () => {
    const options = {
      ...base,
      ...{ problem: 'atoms.json', method: 'characteristics', points: 'far.json', out: 'far-out.json' },
    }
    const { code, stdout, stderr } = await evaluate(options)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^[^\n]+\.\n$/)
    vi.stubEnv('CONSISTENCY_PDE_DEBUG', '1')
    const debugging = await evaluate(options)
    vi.unstubAllEnvs()
    expect(debugging.code).toBe(1)
    expect(debugging.stderr).toMatch(/^[^\n]+\.\nComputationError: .*\n(?:.*\n)*? {4}at /)
    expect(await folder.list()).not.toContain('far-out.json')
  })

  test('an abort is exit code 130, and no file', async () => {
    const before = await folder.list()
    const args = ['problem', 'points', 'out'].flatMap((name) => [
      `--${name}`,
      folder.file(name === 'out' ? 'no.json' : (base[name as keyof typeof base] as string)),
    ])
    const outcome = await runCli(
      ['evaluate', '--method', 'exact', '--time', '3', ...args],
      AbortSignal.abort(),
    )
    expect(outcome).toEqual({ code: 130, stdout: '', stderr: 'Interrupted.\n' })
    expect(await folder.list()).toEqual(before)
  })
})
