import { BadInput } from './bad-input.ts'
import { noteTemporary } from './temporary-files.ts'

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
  const [{ mkdir, readFile, rename, rm, writeFile, stat }, { hostname }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
  ])
  await mkdir(folder, { recursive: true })
  const path = `${folder}/${NAME}`
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
    const text = await readFile(path, 'utf8').catch(() => null)
    if (text === null) continue
    const holder = holderOf(text)
    const old = Date.now() - (await stat(path).then((status) => status.mtimeMs, Date.now)) > UNFINISHED
    if (holder === null ? !old : holder.host !== hostname() || (await isAlive(holder))) {
      const who = holder ? `process ${holder.pid} of ${holder.host} writes to` : 'another process writes to'
      throw new BadInput(
        folder,
        `is in use: ${who} it`,
        `another folder, or ${path} removed where that process has ended`,
      )
    }
    // whoever renames it has it; a lock that was made since goes back
    const taken = `${path}.${crypto.randomUUID()}.tmp`
    if (
      await rename(path, taken).then(
        () => true,
        () => false,
      )
    ) {
      if ((await readFile(taken, 'utf8').catch(() => null)) === text) await rm(taken, { force: true })
      else await rename(taken, path).catch(() => {})
    }
  }
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
