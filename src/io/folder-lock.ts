import { noteTemporary } from './atomic-write.ts'
import { BadInput } from './bad-input.ts'

const NAME = '.lock'
/** Milliseconds after which a lock without a holder's name is what a process left that ended while it made it. */
const UNFINISHED = 5000

/** Who writes to a folder, as its lock says. */
interface Holder {
  readonly pid: number
  readonly host: string
  /** When the process started, by the system's clock ticks; an older process of the same number is another one. */
  readonly started: string | null
}

/**
 * Does something while nobody else writes to a folder, which is made where there is none: a file in it names the process. The lock of a
 * process of this machine that is no more is taken over.
 *
 * @param folder without one it is just done
 * @throws InputError naming the process that writes to the folder
 */
export async function withFolderLock<T>(folder: string | undefined, action: () => Promise<T>): Promise<T> {
  if (folder === undefined) return action()
  const release = await lock(folder)
  try {
    return await action()
  } finally {
    await release()
  }
}

async function lock(folder: string): Promise<() => Promise<void>> {
  const { mkdir } = await import('node:fs/promises')
  await mkdir(folder, { recursive: true })
  return claim(folder, `${folder}/${NAME}`)
}

/**
 * Makes the file `path` that names this process. A file of a process that is no more is removed first, while `path.takeover` is held: without
 * it, a second process that had read the same old file would remove the first one's new file.
 *
 * @returns removes the file
 */
async function claim(folder: string, path: string): Promise<() => Promise<void>> {
  const [{ readFile, rm, writeFile }, { hostname }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
  ])
  const own = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
  } satisfies Holder)

  async function release(): Promise<void> {
    if ((await readFile(path, 'utf8').catch(() => null)) === own) await rm(path, { force: true })
    noteTemporary(path, false)
  }
  for (;;) {
    const error = await writeFile(path, own, { flag: 'wx' }).then(
      () => null,
      (reason: NodeJS.ErrnoException) => reason,
    )
    if (error === null) {
      noteTemporary(path, true)
      return release
    }
    if (error.code !== 'EEXIST')
      throw new BadInput(folder, `cannot be written to (${error.code})`, 'a folder that can')
    if (!(await isLeftBehind(folder, path))) continue
    const giveBack = await claim(folder, `${path}.takeover`)
    try {
      if (await isLeftBehind(folder, path)) await rm(path, { force: true })
    } finally {
      await giveBack()
    }
  }
}

/**
 * Whether the process that a lock names has ended; `false` where there is no lock.
 *
 * @throws InputError naming the process that is at work
 */
async function isLeftBehind(folder: string, path: string): Promise<boolean> {
  const [{ readFile, stat }, { hostname }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
  ])
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return false
  const holder = holderOf(text)
  const isOld = Date.now() - (await stat(path).then((status) => status.mtimeMs, Date.now)) > UNFINISHED
  if (holder === null ? isOld : holder.host === hostname() && !(await isAlive(holder))) return true
  const who = holder ? `process ${holder.pid} of ${holder.host} writes to` : 'another process writes to'
  throw new BadInput(
    folder,
    `is in use: ${who} it`,
    `another folder, or ${path} removed where that process has ended`,
  )
}

function holderOf(text: string): Holder | null {
  try {
    const { pid, host, started = null } = JSON.parse(text)
    return Number.isSafeInteger(pid) && pid > 0 && typeof host === 'string' ? { pid, host, started } : null
  } catch {
    return null
  }
}

async function isAlive({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // a process of somebody else may not be sent a signal, but is there
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = await startOf(pid)
  return started === null || now === null || now === started
}

/** When a process started, where the system has /proc: the 22nd field of its state, behind a name in brackets. */
async function startOf(pid: number): Promise<string | null> {
  const { readFile } = await import('node:fs/promises')
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
}
