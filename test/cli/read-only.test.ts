import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gaussian, WorkFolder } from './work-folder.ts'

const binary = fileURLToPath(new URL('../../dist/bundle/cli/main.js', import.meta.url))

let folder: WorkFolder
beforeAll(async () => {
  if (!existsSync(binary)) throw new Error('there is no build to test: npm run build')
  folder = await WorkFolder.create({ 'problem.json': JSON.stringify(gaussian), 'points.json': '[[1],[2]]' })
  await mkdir(folder.file('kept'))
  await writeFile(folder.file('kept/out.json'), 'what was there')
})
afterAll(() => folder.remove())

// a mount of its own: root may write whatever the permissions say
const READ_ONLY = 'mount --bind kept kept && mount -o remount,ro,bind kept && exec "$0" "$@"'
const inMount = (...task: string[]) =>
  spawnSync('unshare', ['-m', 'bash', '-c', READ_ONLY, ...task], { cwd: folder.path, encoding: 'utf8' })
const mountable = spawnSync('unshare', ['-m', 'true']).status === 0

const evaluate = ['evaluate', '--problem', 'problem.json', '--method', 'exact', '--time', '3']
const train = ['train', '--problem', 'problem.json', '--loss', 'pinn', '--time', '3', '--steps', '10']
const compare = ['compare', '--problem', 'problem.json', '--time', '3', '--quick']

describe.skipIf(!mountable)('a folder on a read-only file system is said in one sentence', () => {
  test.each([
    ['evaluate', [...evaluate, '--points', 'points.json', '--out', 'kept/out.json']],
    ['train', [...train, '--out', 'kept/model']],
    ['compare', [...compare, '--out', 'kept']],
  ])('%s', async (_, args) => {
    const before = await folder.list()
    const { status, stdout, stderr } = inMount(process.execPath, binary, ...args)
    expect(stderr).toMatch(/^kept\S* is on a read-only file system; [^\n]+\n$/)
    expect([status, stdout]).toEqual([2, ''])
    expect(await readFile(folder.file('kept/out.json'), 'utf8')).toBe('what was there')
    expect(await folder.list()).toEqual(before)
  })
})

test('what is in a folder is in the way of nothing that is made in it', async () => {
  await mkdir(folder.file('parent/new'), { recursive: true })
  const args = [...train, '--out', 'parent/model']
  const { status, stderr } = spawnSync(process.execPath, [binary, ...args], {
    cwd: folder.path,
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
  await rm(folder.file('parent'), { recursive: true })
})

test.each(['problem.json', 'points.json'])('%s that has vanished is said in one sentence', async (name) => {
  const content = await readFile(folder.file(name))
  await rm(folder.file(name))
  const before = await folder.list()
  const args = [...evaluate, '--points', 'points.json', '--out', 'kept/out.json']
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...args], {
    cwd: folder.path,
    encoding: 'utf8',
  })
  await writeFile(folder.file(name), content)
  expect(stderr).toMatch(new RegExp(`^${name.replace('.', '\\.')} [^\\n]+\\n$`))
  expect([status, stdout]).toEqual([2, ''])
  expect(await readFile(folder.file('kept/out.json'), 'utf8')).toBe('what was there')
  expect((await folder.list()).filter((entry) => entry !== name)).toEqual(before)
})
