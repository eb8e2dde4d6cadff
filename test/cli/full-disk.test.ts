import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatNpy } from '../../src/io/npy.ts'
import { decodeSafetensors } from '../../src/io/safetensors.ts'
import { points } from '../../src/points/points.ts'
import { gaussian, mixture, WorkFolder } from './work-folder.ts'

const binary = fileURLToPath(new URL('../../dist/bundle/cli/main.js', import.meta.url))

let folder: WorkFolder
beforeAll(async () => {
  if (!existsSync(binary)) throw new Error('there is no build to test: npm run build')
  folder = await WorkFolder.create({
    'problem.json': JSON.stringify(gaussian),
    'plane.json': JSON.stringify(mixture),
    'points.npy': formatNpy(
      points(
        Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i)),
        1,
      ),
    ),
  })
})
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  return folder.remove()
})

/** The command line in a process that may write files of so many blocks of 1024 bytes only, as if the disk were full. */
function start(args: readonly string[], blocks: number | 'unlimited' = 'unlimited') {
  const child = spawn(
    'bash',
    ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, binary, ...args],
    {
      cwd: folder.path,
    },
  )
  children.push(child)
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (data) => {
    said.stdout += data
  })
  child.stderr.on('data', (data) => {
    said.stderr += data
  })
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, ...said })),
  )
  return { child, ended }
}

/** CPU seconds of a process so far: what it has done, however busy the machine is. */
function secondsOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
// of CPU, to start and to be at work
const WARM = 1.5

const train = (out: string, steps: number, width: number) => [
  ...['train', '--problem', 'problem.json', '--loss', 'pinn', '--time', '3', '--out', out, '--threads', '1'],
  ...['--steps', String(steps), '--width', String(width), '--layers', '1', '--batch', '16'],
  ...['--checkpoint-every', '20', '--resume'],
]

describe('a disk that is full is said in one sentence, and nothing is damaged', () => {
  const sentence = /^[^\n]+ could not be written, since [^\n]+ Try another folder\.\n$/

  test.each(['npy', 'csv', 'json'])('evaluate to .%s keeps the file that was there', async (type) => {
    const out = `out.${type}`
    await writeFile(folder.file(out), 'what was there')
    const before = await folder.list()
    const task = ['evaluate', '--problem', 'problem.json', '--method', 'exact', '--time', '3']
    const { code, stdout, stderr } = await start([...task, '--points', 'points.npy', '--out', out], 32).ended
    expect(stderr).toMatch(sentence)
    expect([code, stdout]).toEqual([1, ''])
    expect(await readFile(folder.file(out), 'utf8')).toBe('what was there')
    expect(await folder.list()).toEqual(before)
  })

  test('train keeps its last whole checkpoint and goes on from it', async () => {
    expect((await start(train('model', 40, 8)).ended).code).toBe(0)
    const checkpoint = await readFile(folder.file('model/checkpoint.safetensors'))
    // the same training with a larger network does not fit, and does not go on from another's checkpoint
    const { code, stderr } = await start(train('large', 40, 128), 32).ended
    expect(stderr).toMatch(sentence)
    expect(code).toBe(1)
    expect(await folder.list()).not.toContain('large/model.json')
    expect((await folder.list()).filter((name) => name.endsWith('.tmp'))).toEqual([])
    expect(await readFile(folder.file('model/checkpoint.safetensors'))).toEqual(checkpoint)
    expect((await start(train('large', 40, 128)).ended).code).toBe(0)
  })

  test('points does not leave one file of two', async () => {
    const task = ['points', '--problem', 'plane.json', '--time', '4', '--samples', '100', '--out', 'p.npy']
    const { code, stdout, stderr } = await start(task, 32).ended
    expect(stderr).toMatch(sentence)
    expect([code, stdout]).toEqual([1, ''])
    expect(await folder.list()).not.toContain('p.npy')
  })
})

test('an output folder that vanishes under a training is said in one sentence', async () => {
  const { child, ended } = start(train('vanishing', 200_000, 8))
  while (!existsSync(folder.file('vanishing/checkpoint.safetensors')) && child.exitCode === null)
    await sleep(5)
  await rm(folder.file('vanishing'), { recursive: true })
  const { code, stdout, stderr } = await ended
  expect(stderr).toMatch(/^vanishing\/checkpoint\.safetensors is in a folder that does not exist; [^\n]+\n$/)
  expect([code, stdout]).toEqual([2, ''])
})

// all of them: `bench -- faults`
describe.skipIf(process.platform !== 'linux')('interrupted, long commands end with 130', () => {
  const out = (name: string) => ['--out', name, '--threads', '1']
  test.each<[string, string[], NodeJS.Signals]>([
    ['coupling', out('coupling'), 'SIGINT'],
    ['digits', out('digits'), 'SIGTERM'],
    [
      'certify',
      ['--problem', 'problem.json', '--time', '3', '--model', 'kept', '--samples', '100000'],
      'SIGTERM',
    ],
  ])(
    '%s',
    async (command, args, signal) => {
      if (command === 'certify') expect((await start(train('kept', 20, 8)).ended).code).toBe(0)
      const { child, ended } = start([command, ...args])
      while (child.exitCode === null && secondsOf(child.pid) < WARM) await sleep(20)
      child.kill(signal)
      expect(await ended).toEqual({
        code: 130,
        stdout: '',
        stderr: expect.stringMatching(/Interrupted\.\n$/),
      })
      expect((await folder.list()).filter((name) => /results\.json$|\.tmp$/.test(name))).toEqual([])
    },
    180_000,
  )

  test('compare keeps checkpoints of its trainings', async () => {
    await mkdir(folder.file('compared'))
    const { child, ended } = start(['compare', '--problem', 'plane.json', '--time', '4', ...out('compared')])
    const written = async () =>
      (await folder.list()).filter((name) => /compared\/networks\/.*\/checkpoint\.safetensors$/.test(name))
    while ((await written()).length === 0 && child.exitCode === null) await sleep(50)
    child.kill('SIGINT')
    expect(await ended).toEqual({ code: 130, stdout: '', stderr: expect.stringMatching(/Interrupted\.\n$/) })
    const [name] = await written()
    const { metadata } = decodeSafetensors(await readFile(folder.file(name)), name)
    expect(JSON.parse(metadata.checkpoint).step).toBeGreaterThanOrEqual(500)
  }, 180_000)
})
