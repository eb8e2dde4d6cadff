import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { withFolderLock } from '../../src/io/folder-lock.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterAll(() => rm(folder, { recursive: true }))
const lock = () => join(folder, '.lock')
beforeEach(() => rm(lock(), { force: true }))
const done = () => withFolderLock(folder, async () => 'done')

it('lets one in at a time, and leaves nothing', async () => {
  let inside = 0
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, () =>
      withFolderLock(folder, async () => {
        expect(++inside).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 50))
        inside--
      }),
    ),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const refused = results.find((one) => one.status === 'rejected')
  expect(refused?.reason.message).toBe(
    `${folder} is in use: process ${process.pid} of ${hostname()} writes to it; expected another folder, or ${lock()} removed where that process has ended.`,
  )
  expect(await readdir(folder)).toEqual([])
})

it('is given back after a failure', async () => {
  await expect(withFolderLock(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await done()).toBe('done')
})

it('of a process that is no more is taken over by one', async () => {
  const child = spawn(process.execPath, ['-e', '0'])
  await once(child, 'exit')
  const own = { pid: child.pid, host: hostname(), started: null }
  await writeFile(lock(), JSON.stringify(own))
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () =>
      withFolderLock(folder, () => new Promise((resolve) => setTimeout(resolve, 100))),
    ),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await readdir(folder)).toEqual([])
})

it('of an older process of the same number is taken over', async () => {
  await writeFile(lock(), JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }))
  const known = await readFile('/proc/self/stat').then(
    () => true,
    () => false,
  )
  if (known) expect(await done()).toBe('done')
})

it('of another machine, and one that is just being made, are left alone', async () => {
  const text = JSON.stringify({ pid: 1, host: 'elsewhere', started: null })
  await writeFile(lock(), text)
  await expect(done()).rejects.toThrow('process 1 of elsewhere writes to it')
  expect(await readFile(lock(), 'utf8')).toBe(text)
  await writeFile(lock(), '')
  await expect(done()).rejects.toThrow('another process writes to it')
})

it.each(['', '{"pid":', '{"pid": -1, "host": "x"}', 'null'])(
  'that nobody finished (%s) is taken over',
  async (text) => {
    await writeFile(lock(), text)
    await utimes(lock(), 1, 1)
    expect(await done()).toBe('done')
  },
)
