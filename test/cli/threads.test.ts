import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatNpy } from '../../src/io/npy.ts'
import { points } from '../../src/points/points.ts'
import { Random } from '../../src/random/random.ts'
import { runCli } from './in-process.ts'
import { mixture, WorkFolder } from './work-folder.ts'

const random = new Random(1)
// three parts, each of some tenths of a second
const X = points(
  Float64Array.from({ length: 2 * 33_000 }, () => 5 * random.normal()),
  2,
)

let folder: WorkFolder
beforeAll(async () => {
  const bad = X.data.slice()
  bad[2 * 32_900] = 1e200
  folder = await WorkFolder.create({
    'mixture.json': JSON.stringify(mixture),
    'points.npy': formatNpy(X),
    'bad.npy': formatNpy(points(bad, 2)),
  })
})
afterAll(() => folder.remove())

function evaluate(from: string, out: string, threads: number, signal?: AbortSignal) {
  const slow = ['--coordinates=t', '--solver=dopri5', '--rtol=1e-9', '--atol=1e-9']
  const files = [
    '--problem',
    folder.file('mixture.json'),
    '--points',
    folder.file(from),
    '--out',
    folder.file(out),
  ]
  const rest = ['--method=characteristics', '--time=5', `--threads=${threads}`, '--json']
  return runCli(['evaluate', ...files, ...slow, ...rest], signal)
}

describe('evaluate in worker threads', () => {
  test('gives the bytes and counts of one thread', async () => {
    const results = []
    for (const threads of [1, 2]) {
      const { code, stdout, stderr } = await evaluate('points.npy', `${threads}.npy`, threads)
      expect([code, stderr]).toEqual([0, ''])
      const { seconds, ...rest } = JSON.parse(stdout)
      results.push(rest)
    }
    expect(results[1]).toEqual(results[0])
    expect(results[0].count).toBe(33_000)
    expect((await readFile(folder.file('2.npy'))).equals(await readFile(folder.file('1.npy')))).toBe(true)
  }, 60_000)

  test('fails as one thread does, and leaves nothing', async () => {
    const before = await folder.list()
    const one = await evaluate('bad.npy', 'bad-out.npy', 1)
    const two = await evaluate('bad.npy', 'bad-out.npy', 2)
    expect(one.code).toBe(1)
    expect(two).toEqual(one)
    expect(await folder.list()).toEqual(before)
  }, 60_000)

  test('stops when it is interrupted', async () => {
    const before = await folder.list()
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 250)
    const { code, stderr } = await evaluate('points.npy', 'never.npy', 2, controller.signal)
    expect([code, stderr]).toEqual([130, 'Interrupted.\n'])
    expect(await folder.list()).toEqual(before)
  }, 60_000)
})
