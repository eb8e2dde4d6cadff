import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from './in-process.ts'
import { mixture, WorkFolder } from './work-folder.ts'

const small = ['--batch', '64', '--width', '12', '--layers', '2', '--optimiser', 'adam', '--time', '4']

let folder: WorkFolder
beforeAll(async () => {
  const neural = (model: string) =>
    JSON.stringify({ process: { kind: 've' }, data: { kind: 'neural', model } })
  folder = await WorkFolder.create({
    'problem.json': JSON.stringify(mixture),
    'gaussian.json': JSON.stringify({
      process: { kind: 've' },
      data: {
        kind: 'gaussian',
        mean: [0, 0],
        covariance: [
          [1, 0],
          [0, 2],
        ],
      },
    }),
    'neural.json': neural('score'),
    'neural-map.json': neural('student'),
    'neural-none.json': neural('nothing'),
    'points.json': '[[1, 2], [-3, 0.5], [4, 4]]',
  })
  await json(
    'train',
    '--problem',
    'problem.json',
    '--loss',
    'score',
    '--steps',
    '60',
    '--out',
    'score',
    ...small,
  )
  student = await json(
    ...[
      'train',
      '--problem',
      'problem.json',
      '--loss',
      'pinn',
      '--steps',
      '40',
      '--out',
      'student',
      ...small,
    ],
    ...['--teacher', 'score'],
  )
}, 60_000)
afterAll(() => folder.remove())

let student: Record<string, unknown>

const files = ['--problem', '--out', '--points', '--model', '--teacher']

/** Runs a command; files are those of the folder. */
function cli(...args: string[]) {
  return runCli(args.map((value, i) => (files.includes(args[i - 1]) ? folder.file(value) : value)))
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout } = await cli(...args, '--json')
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

describe('a score network', () => {
  test('is a model folder that says what it is', async () => {
    const description = JSON.parse(await readFile(folder.file('score/model.json'), 'utf8'))
    expect(description).toMatchObject({ kind: 'score', loss: 'score' })
    expect(description.training.monitor).toBeUndefined()
  })

  test('is a problem, and a method: the same flow', async () => {
    const evaluate = ['evaluate', '--time', '4', '--points', 'points.json']
    const solver = ['--method', 'characteristics', '--rtol', '1e-9']
    await json(...evaluate, '--problem', 'neural.json', ...solver, '--out', 'a.json')
    await json(
      ...evaluate,
      '--problem',
      'problem.json',
      '--method',
      'model',
      '--model',
      'score',
      '--out',
      'b.json',
    )
    const [a, b] = await Promise.all(
      ['a.json', 'b.json'].map(async (name) => JSON.parse(await readFile(folder.file(name), 'utf8')).flat()),
    )
    for (let i = 0; i < 6; i++) expect(Math.abs(a[i] - b[i])).toBeLessThan(1e-5)
  })
})

describe('a teacher', () => {
  test('is named by train and in the model', async () => {
    expect(student.teacher).toBe(folder.file('score'))
    const { stdout, stderr } = await cli(
      ...['train', '--problem', 'problem.json', '--loss', 'cd', '--steps', '2', '--out', 'second', ...small],
      ...['--teacher', 'score', '--cd-solver', 'exact', '--target', 'ema', '--target-decay', '0.9'],
    )
    expect(stderr).toMatch(
      /^The network learned the flow of the score network .*score: its error against the truth/,
    )
    expect(stdout).toMatch(/^cd: 2 steps/)
    const { settings } = JSON.parse(await readFile(folder.file('second/model.json'), 'utf8'))
    expect(settings).toMatchObject({ solver: 'exact', target: 'ema', targetDecay: 0.9 })
  })

  test('is what certify measures against, or a part of the error', async () => {
    const certify = ['certify', '--model', 'student', '--time', '4', '--samples', '200']
    const truth = await json(...certify, '--problem', 'problem.json')
    expect(truth).toMatchObject({
      against: 'the true flow of the data',
      teacher: folder.file('score'),
      sampling: 'importance',
    })
    const own = await json(...certify, '--problem', 'neural.json')
    expect(own).toMatchObject({ against: 'the flow of the score network score', sampling: 'plain' })
    for (const result of [truth, own]) {
      const { estimate, trueError, paretoK, bound } = result as {
        estimate: number
        trueError: { value: number }
        paretoK: number
        bound: boolean
      }
      // on one sample of trajectories the certificate is above the error, up to the quadrature in time
      expect(estimate).toBeGreaterThan(0.97 * trueError.value)
      expect(bound).toBe(paretoK <= 1 - 1 / Math.log10(200))
    }
    const { stdout } = await cli(...certify, '--problem', 'problem.json')
    expect(stdout).toMatch(/against the true flow of the data/)
    expect(stdout).toMatch(/whose own error is part of this\.\nThe 8 worst .*\n.* are in the sample; .*\.\n$/)
  })
})

describe('bad input', () => {
  const train = ['train', '--problem', 'problem.json', '--steps', '2', '--out', 'out', ...small]
  const certify = ['certify', '--time', '4', '--samples', '50']
  test.each([
    [
      'a teacher that is missing',
      [...train, '--loss', 'pinn', '--teacher', 'none'],
      'none/model.json does not exist',
    ],
    [
      'a map as teacher',
      [...train, '--loss', 'pinn', '--teacher', 'student'],
      'student is a consistency function',
    ],
    [
      'a teacher for ct',
      [...train, '--loss', 'ct', '--teacher', 'score'],
      'teacher is given with the loss ct',
    ],
    [
      'a teacher of other data',
      [...train, '--loss', 'pinn', '--teacher', 'score', '--problem', 'gaussian.json'],
      'mean and covariance differ',
    ],
    ['an unknown step', [...train, '--loss', 'cd', '--cd-solver', 'rk4'], '--cd-solver is "rk4"'],
    ['a step for pinn', [...train, '--loss', 'pinn', '--cd-solver', 'exact'], '--cd-solver does not belong'],
    ['an unknown target', [...train, '--loss', 'cd', '--target', 'online'], '--target is "online"'],
    ['a target for pinn', [...train, '--loss', 'pinn', '--target', 'ema'], 'target is "ema"'],
    ['intervals of pinn', [...train, '--loss', 'pinn', '--intervals', '9'], '--intervals does not belong'],
    ['a rate of 0', [...train, '--loss', 'pinn', '--rate', '0'], 'rate is 0'],
    [
      'a scale for l2',
      [...train, '--loss', 'pinn', '--metric-scale', '0.1'],
      '--metric-scale is given with the metric l2; expected it with pseudo-huber, adaptive, tangent only',
    ],
    [
      'a power for ict',
      [...train, '--loss', 'ict', '--metric-power', '0.5'],
      '--metric-power is given with the metric pseudo-huber; expected it with adaptive only',
    ],
    ['a decay alone', [...train, '--loss', 'cd', '--target-decay', '0.9'], '--target-decay is given without'],
    [
      'a decay above 1',
      [...train, '--loss', 'cd', '--target', 'ema', '--target-decay', '2'],
      'targetDecay is 2',
    ],
    [
      'a score of a score',
      [...train, '--loss', 'pinn', '--problem', 'neural-map.json'],
      'student is a consistency function',
    ],
    [
      'a network that is missing',
      [...train, '--loss', 'pinn', '--problem', 'neural-none.json'],
      'nothing/model.json',
    ],
    [
      'a certificate of a score',
      [...certify, '--problem', 'problem.json', '--model', 'score'],
      'score is a score network',
    ],
    [
      'a comparison beyond the network',
      ['compare', '--problem', 'neural.json', '--time', '9', '--out', 'out'],
      '--time is 9; expected at most 4, as far as the neural data is known',
    ],
    [
      'a time beyond the network',
      [...certify, '--problem', 'neural.json', '--model', 'student', '--time', '9'],
      'time is 9; expected at most 4',
    ],
  ] as [string, string[], string][])('%s is refused in one sentence', async (_, args, culprit) => {
    const before = await folder.list()
    const { code, stdout, stderr } = await cli(...args)
    expect(stderr).toContain(culprit)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^[^\n]+\.\n$/)
    expect(await folder.list()).toEqual(before)
  })
})
