import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { withFolderLock } from '../../src/io/folder-lock.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterAll(() => rm(folder, { recursive: true }))
const lock = () => join(folder, '.lock')
beforeEach(() => rm(lock(), { force: true }))
const done = () => withFolderLock(folder, async () => 'done')

/** Several ask at once, and the one that is let in stays until the others have been refused. */
async function contend(count: number): Promise<PromiseSettledResult<void>[]> {
  let refused = 0
  let inside = 0
  const tasks = Array.from({ length: count }, () =>
    withFolderLock(folder, async () => {
      inside++
      await vi.waitFor(() => expect(refused + inside).toBe(count), { timeout: 20_000, interval: 5 })
    }).catch((error) => {
      refused++
      throw error
    }),
  )
  return Promise.allSettled(tasks)
}

it('lets one in at a time, and leaves nothing', async () => {
  const results = await contend(8)
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
  for (let round = 0; round < 100; round++) {
    await writeFile(lock(), JSON.stringify(own))
    const results = await contend(5)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await readdir(folder)).toEqual([])
  }
})

it('is taken over where a process ended while it took it over', async () => {
  const child = spawn(process.execPath, ['-e', '0'])
  await once(child, 'exit')
  const own = JSON.stringify({ pid: child.pid, host: hostname(), started: null })
  await writeFile(lock(), own)
  await writeFile(`${lock()}.takeover`, own)
  expect(await done()).toBe('done')
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
