import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPoints } from '../../src/io/points-files.ts'
import { version } from '../../src/version.ts'
import { runCli } from './in-process.ts'
import { mixture, WorkFolder } from './work-folder.ts'

let folder: WorkFolder
let trained: Record<string, unknown>
beforeAll(async () => {
  folder = await WorkFolder.create({
    'problem.json': JSON.stringify(mixture),
    'other.json': JSON.stringify({ ...mixture, data: { ...mixture.data, weights: [0.5, 0.5] } }),
    'points.json': '[[1, 2], [-3, 0.5], [4, 4]]',
  })
  trained = await json(
    'train',
    '--loss',
    'cd',
    '--steps',
    '30',
    '--batch',
    '64',
    '--width',
    '16',
    '--layers',
    '2',
    '--optimiser',
    'adam',
    '--out',
    folder.file('model'),
  )
})
afterAll(() => folder.remove())

function cli(command: string, ...args: string[]) {
  return runCli([
    command,
    '--problem',
    folder.file('problem.json'),
    '--time',
    '4',
    '--seed',
    '3',
    ...args,
    '--json',
  ])
}

/** What a command prints with --json. */
async function json(command: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await cli(command, ...args)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.trim().split('\n')).toHaveLength(1)
  return JSON.parse(stdout)
}

test('train prints what it did and writes a model folder', async () => {
  expect(trained).toMatchObject({
    model: folder.file('model'),
    loss: 'cd',
    steps: 30,
    seed: 3,
    time: 4,
    version,
  })
  expect(trained.options).toMatchObject({ batch: 64, width: 16, layers: 2, optimiser: 'adam' })
  expect(trained.secondsPerStep).toBeCloseTo(Number(trained.seconds) / 30, 12)
  expect(trained.finalLoss).toBeGreaterThan(0)
  const { angles, points } = trained.monitor as {
    angles: number[]
    points: { step: number; residual: number[] }[]
  }
  expect(points.at(-1)?.step).toBe(30)
  expect(points.at(-1)?.residual).toHaveLength(angles.length)
  expect(JSON.parse(await readFile(folder.file('model/model.json'), 'utf8')).training).toMatchObject({
    monitor: trained.monitor,
    curve: trained.curve,
  })
  expect(await folder.list()).toEqual(
    expect.arrayContaining(['model/model.json', 'model/weights.safetensors']),
  )
})

test('certify bounds the error: the bound is above the true error, and the fields are those of the contract', async () => {
  const result = await json('certify', '--model', folder.file('model'), '--samples', '300')
  const { estimate, interval, trueError, effectiveSampleSize, worstShare, byTime } = result as {
    estimate: number
    interval: number[]
    trueError: { value: number; interval: number[] }
    effectiveSampleSize: number
    worstShare: number
    byTime: { time: number; residual: number }[]
  }
  expect(estimate).toBeGreaterThanOrEqual(trueError.value)
  for (const [value, [low, high]] of [
    [estimate, interval],
    [trueError.value, trueError.interval],
  ] as [number, number[]][]) {
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
  }
  expect(effectiveSampleSize).toBeGreaterThan(100)
  expect(effectiveSampleSize).toBeLessThanOrEqual(300)
  expect(worstShare).toBeGreaterThan(0)
  expect(worstShare).toBeLessThan(1)
  const plain = result.plain as typeof result & { trueError: { value: number } }
  expect(plain.estimate).not.toBe(estimate)
  expect(plain.trueError.value).toBeGreaterThan(0)
  expect(byTime[0]).toEqual({ time: 0, residual: expect.closeTo(0, 5), error: expect.closeTo(0, 5) })
  expect(byTime.at(-1)?.time).toBe(4)
  expect(byTime.every(({ time }, k) => k === 0 || time > byTime[k - 1].time)).toBe(true)
})

test('evaluate --method model gives the same bytes twice', async () => {
  const args = ['--method', 'model', '--model', folder.file('model'), '--points', folder.file('points.json')]
  expect(await json('evaluate', ...args, '--out', folder.file('a.npy'))).toMatchObject({
    method: 'cd',
    count: 3,
    dimension: 2,
  })
  await json('evaluate', ...args, '--out', folder.file('b.npy'))
  expect(await readFile(folder.file('a.npy'))).toEqual(await readFile(folder.file('b.npy')))
})

test('a model is refused for other data and for a later time', async () => {
  const points = [
    '--points',
    folder.file('points.json'),
    '--out',
    folder.file('no.json'),
    '--model',
    folder.file('model'),
  ]
  const other = await cli('evaluate', '--method', 'model', ...points, '--problem', folder.file('other.json'))
  expect(other).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('the data that the model was trained on'),
  })
  const later = await cli('evaluate', '--method', 'model', ...points, '--time', '5')
  expect(later).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('time is 5') })
  expect(await folder.list()).not.toContain('no.json')
})

test('sample draws from a sampler or a model, the same for the same seed and others for another', async () => {
  const draw = (out: string, ...args: string[]) =>
    json('sample', '--samples', '50', '--out', folder.file(out), ...args)
  expect(await draw('s1.npy', '--solver', 'euler', '--steps', '7')).toMatchObject({
    ...{
      method: 'sampler:euler-7',
      time: 4,
      count: 50,
      dimension: 2,
      functionEvaluations: 350,
      seed: 3,
      version,
    },
  })
  await draw('s2.npy', '--solver', 'euler', '--steps', '7')
  await draw('s3.npy', '--solver', 'euler', '--steps', '7', '--seed', '4')
  expect(await draw('s4.npy', '--model', folder.file('model'))).toMatchObject({ method: 'cd', count: 50 })
  const [s1, s2, s3] = await Promise.all(
    ['s1', 's2', 's3'].map((name) => readPoints(folder.file(`${name}.npy`))),
  )
  expect(s2.data).toEqual(s1.data)
  expect(s3.data).not.toEqual(s1.data)
})

test.each<[string, string[], string]>([
  ['no out', ['sample'], '--out is missing'],
  ['no samples', ['sample', '--out', 'x.json', '--samples', '0'], '--samples is "0"'],
  ['an unknown sampler', ['sample', '--out', 'x.json', '--solver', 'magic'], '--solver is "magic"'],
  [
    'a sampler and a model',
    ['sample', '--out', 'x.json', '--steps', '3', '--model', 'm'],
    '--steps is given together with --model',
  ],
  ['samples of another extension', ['sample', '--out', 'x.txt'], 'x.txt has the extension .txt'],
  [
    'a problem and data',
    ['compare', '--out', 'x', '--data', 'd.csv'],
    '--problem is given together with --data',
  ],
  ['rows of a problem', ['compare', '--out', 'x', '--rows', '9'], '--rows does not belong'],
  ['one row', ['compare', '--out', 'x', '--rows', '1'], '--rows is "1"; expected'],
  ['columns of a problem', ['compare', '--out', 'x', '--columns', 'a'], '--columns does not belong'],
  ['columns without names', ['compare', '--out', 'x', '--columns', ','], '--columns is ","'],
  ['no folder for the report', ['compare'], '--out is missing'],
  ['no seed', ['compare', '--out', 'x', '--seeds', '0'], '--seeds is "0"'],
  ['no folder for the study', ['coupling'], '--out is missing'],
  ['no model to study', ['certificate-study'], '--model is missing'],
])('%s is refused', async (_, [command, ...args], culprit) => {
  const { code, stdout, stderr } = await cli(command, ...args)
  expect(stderr).toContain(culprit)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^[^\n]+\.\n$/)
})

test.each<[string, string[], string]>([
  ['neither data nor a problem', [], '--data is missing'],
  ['a missing data file', ['--data', 'no.csv'], 'no.csv does not exist'],
  ['data of another extension', ['--data', 'no.xlsx'], 'no.xlsx is no data file'],
])('compare refuses %s', async (_, args, culprit) => {
  const { code, stdout, stderr } = await runCli(['compare', '--out', folder.file('report'), ...args])
  expect(stderr).toContain(culprit)
  expect([code, stdout]).toEqual([2, ''])
  expect(await folder.list()).not.toContain('report')
})

test('compare says how to leave out columns of words', async () => {
  const data = folder.file('cars.csv')
  await writeFile(data, 'name,weight\nford torino,3449\n')
  const { code, stderr } = await runCli(['compare', '--out', folder.file('report'), '--data', data])
  expect(code).toBe(2)
  expect(stderr).toMatch(/has "ford torino" in line 2, column 1; expected .*--columns/)
})
