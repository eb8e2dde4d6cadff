import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../../src/version.ts'
import { gaussian, WorkFolder } from './work-folder.ts'

const binary = fileURLToPath(new URL('../../dist/bundle/cli/main.js', import.meta.url))

let folder: WorkFolder
beforeAll(async () => {
  if (!existsSync(binary)) throw new Error('there is no build to test: npm run build')
  folder = await WorkFolder.create({ 'problem.json': JSON.stringify(gaussian), 'points.json': '[[1], [3]]' })
})
afterAll(() => folder.remove())

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

function start(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: folder.path,
    env: { ...process.env, ...env },
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (data) => {
    said.stdout += data
  })
  child.stderr.on('data', (data) => {
    said.stderr += data
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...said }))
  })
  return { child, ended }
}

const cli = (args: readonly string[], env?: Record<string, string>) => start(args, env).ended
const evaluate = [
  'evaluate',
  '--problem',
  'problem.json',
  '--method',
  'exact',
  '--time',
  '3',
  '--points',
  'points.json',
]

test('prints its version and its help', async () => {
  expect(await cli(['--version'])).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' })
  const help = await cli(['evaluate', '--help'])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('--coordinates')
  expect(help.stdout).toContain('--json')
})

test('evaluates: JSON alone on stdout, nothing on stderr', async () => {
  const { code, stdout, stderr } = await cli([...evaluate, '--out', 'out.json', '--json'])
  expect([code, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toMatchObject({ method: 'exact', count: 2, dimension: 1 })
  expect(JSON.parse(await readFile(folder.file('out.json'), 'utf8'))).toHaveLength(2)
})

test.each([
  ['broken option', [...evaluate, '--out', 'bad.json', '--foo'], "unknown option '--foo'.\n"],
  [
    'missing folder',
    [...evaluate, '--out', 'no/bad.json'],
    'no/bad.json is in a folder that does not exist; expected the name of a file that can be written.\n',
  ],
  [
    'missing problem',
    ['evaluate', '--problem', 'bad.json', ...evaluate.slice(3), '--out', 'bad.json'],
    'bad.json does not exist; expected a file that can be read.\n',
  ],
  ['no command', [], /^No command is given; expected one of evaluate[^\n]*\.\n$/],
])('bad input, %s: exit code 2 and one sentence, debugging or not', async (_, args, sentence) => {
  for (const env of [undefined, { CONSISTENCY_PDE_DEBUG: '1' }]) {
    const { code, stdout, stderr } = await cli(args, env)
    expect([code, stdout]).toEqual([2, ''])
    if (typeof sentence === 'string') expect(stderr).toBe(sentence)
    else expect(stderr).toMatch(sentence)
  }
  expect(await folder.list()).not.toContain('bad.json')
})

test('a reader that closes stdout early is no crash', async () => {
  const { child, ended } = start(['--help'])
  child.stdout?.destroy()
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})

describe('training that is interrupted', () => {
  const sizes = ['--batch', '16', '--width', '8', '--layers', '1', '--threads', '1']
  const train = (out: string) => [
    ...[
      'train',
      '--problem',
      'problem.json',
      '--loss',
      'pinn',
      '--time',
      '3',
      '--steps',
      '5000',
      '--out',
      out,
    ],
    ...sizes,
  ]

  /** Starts training and sends a signal; again, and later, when that came before the first step. */
  async function interrupt(out: string, name: NodeJS.Signals, delay = 200): Promise<Ended> {
    // the folder says that the training has started
    await rm(folder.file(out), { recursive: true, force: true })
    const { child, ended } = start(train(out))
    while (!existsSync(folder.file(out)) && child.exitCode === null) await sleep(10)
    await sleep(delay)
    child.kill(name)
    const outcome = await ended
    return outcome.code !== 130 || existsSync(folder.file(`${out}/checkpoint.safetensors`)) || delay > 2000
      ? outcome
      : interrupt(out, name, 2 * delay)
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('by %s ends with 130 and keeps its checkpoint', async (name) => {
    expect(await interrupt(name, name)).toEqual({
      code: 130,
      signal: null,
      stdout: '',
      stderr: 'Interrupted.\n',
    })
    expect((await folder.list()).filter((file) => file.startsWith(`${name}/`))).toEqual([
      `${name}/checkpoint.safetensors`,
    ])
  })

  test('goes on with --resume to the weights of an uninterrupted run, byte by byte', async () => {
    expect(await cli([...train('SIGINT'), '--resume'])).toMatchObject({ code: 0, stderr: '' })
    expect(await cli(train('whole'))).toMatchObject({ code: 0, stderr: '' })
    const weights = (out: string) => readFile(folder.file(`${out}/weights.safetensors`))
    expect(await weights('SIGINT')).toEqual(await weights('whole'))
  })
})
