import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from '../cli/in-process.ts'
import { gaussian, WorkFolder } from '../cli/work-folder.ts'

const line = {
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.4, 0.6], means: [-1.5, 1.5], stds: [0.8, 0.6] },
}

let folder: WorkFolder
beforeAll(async () => {
  folder = await WorkFolder.create({
    'line.json': JSON.stringify(line),
    'gaussian.json': JSON.stringify(gaussian),
    'points.json': JSON.stringify([[-3], [0.2], [4]]),
  })
})
afterAll(() => folder.remove())

function evaluate(problem: string, out: string, ...more: string[]) {
  const file = (name: string) => folder.file(name)
  const files = ['--problem', file(problem), '--points', file('points.json'), '--out', file(out)]
  return runCli(['evaluate', ...files, '--json', ...more])
}

it('saves a table, and evaluates it at its own and at earlier times', async () => {
  const saved = folder.file('table.bin')
  const grid = ['--method', 'grid', '--nodes', '80', '--save', saved]
  expect((await evaluate('line.json', 'first.json', '--time', '3', ...grid)).stderr).toBe('')
  const table = ['--method', 'table', '--table', saved]
  const { code, stdout } = await evaluate('line.json', 'second.json', '--time', '3', ...table)
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ method: 'grid:table', count: 3 })
  const read = async (name: string) => JSON.parse(await readFile(folder.file(name), 'utf8'))
  expect(await read('second.json')).toEqual(await read('first.json'))
  expect((await evaluate('line.json', 'third.json', '--time', '1', ...table)).code).toBe(0)
  expect((await evaluate('line.json', 'exact.json', '--time', '1', '--method', 'exact')).code).toBe(0)
  const [third, exact] = [await read('third.json'), await read('exact.json')]
  third.flat().forEach((value: number, i: number) => {
    expect(Math.abs(value - exact.flat()[i])).toBeLessThan(1e-6)
  })

  const later = await evaluate('line.json', 'fourth.json', '--time', '4', ...table)
  expect(later).toMatchObject({ code: 2, stderr: expect.stringContaining('the largest time of the table') })
  const other = await evaluate('gaussian.json', 'fifth.json', '--time', '1', ...table)
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('another problem') })
})

it.each([
  [['--method', 'table'], '--table is missing'],
  [['--method', 'table', '--table', 'nowhere.bin'], 'does not exist'],
  [['--method', 'exact', '--save', 'a.bin'], '--save is given with another method'],
  [
    ['--method', 'grid', '--scheme', 'weno5', '--nodes', '20', '--save', 'a.bin'],
    '--save is given with another',
  ],
  [['--method', 'grid', '--table', 'a.bin'], '--table does not belong to --method grid'],
])('%j is refused in one sentence', async (options, message) => {
  const { code, stderr } = await evaluate('line.json', 'out.json', '--time', '1', ...options)
  expect(code).toBe(2)
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
})
