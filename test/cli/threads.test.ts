import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
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
    'few.json': '[[1, 2]]',
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

  test.each([
    [
      'problem',
      ['--method=characteristics', '--coordinates=t', '--solver=dopri5', '--rtol=1e-9', '--atol=1e-9'],
    ],
    ['table', ['--method=table', `--table=table.bin`]],
  ])(
    'needs the file of its %s no more once the first part is written',
    async (kind, method) => {
      const time = kind === 'table' ? '--time=4' : '--time=5'
      await writeFile(folder.file('gone.json'), JSON.stringify(mixture))
      const args = method.map((option) => option.replace('table.bin', folder.file('table.bin')))
      const common = ['--problem', folder.file('gone.json'), time]
      if (kind === 'table')
        await runCli([
          ...['evaluate', ...common, '--method=grid', '--nodes=24', '--points', folder.file('few.json')],
          ...['--save', folder.file('table.bin'), '--out', folder.file('few-out.json')],
        ])
      const run = (threads: number) =>
        runCli([
          ...['evaluate', ...common, ...args, '--points', folder.file('points.npy'), `--threads=${threads}`],
          ...['--out', folder.file(`kept-${threads}.npy`)],
        ])
      expect((await run(1)).code).toBe(0)
      const running = run(2)
      while (!(await folder.list()).some((name) => name.endsWith('.tmp'))) await sleep(1)
      for (const name of ['gone.json', 'table.bin']) await rm(folder.file(name), { force: true })
      expect(await running).toMatchObject({ code: 0, stderr: '' })
      const [one, two] = await Promise.all([1, 2].map((k) => readFile(folder.file(`kept-${k}.npy`))))
      expect(two.equals(one)).toBe(true)
    },
    120_000,
  )

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
