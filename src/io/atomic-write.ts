import type { FileHandle } from 'node:fs/promises'
import { ComputationError } from '../errors.ts'
import { BadInput } from './bad-input.ts'

/** The channel on which threads say which temporary files there are: whoever ends a thread in the middle removes them. */
const CHANNEL = 'consistency-pde temporary files'

/** A temporary file that is there from now on, or no longer. */
interface Notice {
  readonly path: string
  readonly there: boolean
}

export function noteTemporary(path: string, there: boolean): void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage({ path, there } satisfies Notice)
  channel.close()
}

/** Keeps the names of the temporary files of all threads. Call it before they start. */
export function watchTemporaryFiles(): { readonly paths: ReadonlySet<string>; stop(): void } {
  const paths = new Set<string>()
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = (event: unknown) => {
    const { path, there } = (event as { data: Notice }).data
    if (there) paths.add(path)
    else paths.delete(path)
  }
  return { paths, stop: () => channel.close() }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'is in a folder that does not exist',
  ENOTDIR: 'is in a folder that does not exist',
  EACCES: 'may not be written to',
  EPERM: 'may not be written to',
  EROFS: 'is on a read-only file system',
  EISDIR: 'is a folder',
  ENAMETOOLONG: 'has a name that is too long',
  ERR_INVALID_ARG_VALUE: 'is no file name',
}

/** What keeps a disk from taking more. */
const FAILURES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file would be larger than is allowed',
  EIO: 'the disk does not take it',
}

/**
 * Writes a file so that it is there whole or not at all: to a temporary name in the same folder, flushed to disk, then
 * renamed; a link is followed, and the mode of an older file kept. After a failure the temporary file is gone and an older file of this name is as it was.
 *
 * @throws InputError naming the file when its folder is missing or not writable, or the name is that of a folder; ComputationError
 *   when the disk is full
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const file = await AtomicFile.create(path)
  try {
    await file.write(data)
    await file.finish()
  } catch (error) {
    await file.discard()
    throw error
  }
}

/** A file that is written piece by piece to a temporary name in the same folder, and gets its own name at the end. */
export class AtomicFile {
  readonly #temporary: string
  readonly #path: string
  readonly #target: string
  readonly #file: FileHandle

  private constructor(path: string, target: string, temporary: string, file: FileHandle) {
    this.#path = path
    this.#target = target
    this.#temporary = temporary
    this.#file = file
  }

  /**
   * @param folder of the temporary file; default that of the file
   * @throws InputError as `writeFileAtomic` does
   */
  static async create(path: string, folder?: string): Promise<AtomicFile> {
    const [{ open }, { dirname, join }] = await Promise.all([import('node:fs/promises'), import('node:path')])
    const { target, mode } = folder === undefined ? await written(path) : { target: path, mode: undefined }
    const temporary = join(folder ?? dirname(target), `.${crypto.randomUUID()}.tmp`)
    noteTemporary(temporary, true)
    const file = await open(temporary, 'wx').catch((error) => {
      noteTemporary(temporary, false)
      throw folder === undefined
        ? readable(path, error)
        : readable(folder, error, 'a folder that can be written to')
    })
    if (mode !== undefined) await file.chmod(mode).catch(() => {})
    return new AtomicFile(path, target, temporary, file)
  }

  /** Behind what was written last, or over what is at a place. */
  async write(data: string | Uint8Array, at?: number): Promise<void> {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
    const written =
      at === undefined ? this.#file.writeFile(bytes) : this.#file.write(bytes, 0, bytes.length, at)
    await written.catch((error) => {
      throw readable(this.#path, error)
    })
  }

  /** All is on disk. */
  async close(): Promise<void> {
    try {
      await this.#file.sync()
      await this.#file.close()
    } catch (error) {
      throw readable(this.#path, error)
    }
  }

  /** Gives the file its name. @throws InputError when that is a folder's */
  async finish(): Promise<void> {
    await this.close()
    const { rename } = await import('node:fs/promises')
    await rename(this.#temporary, this.#target).catch((error) => {
      throw readable(this.#path, error)
    })
    noteTemporary(this.#temporary, false)
  }

  /** Removes what was written, unless the file has its name already. */
  async discard(): Promise<void> {
    await this.#file.close()
    const { rm } = await import('node:fs/promises')
    await rm(this.#temporary, { force: true })
    noteTemporary(this.#temporary, false)
  }
}

/**
 * Checks that a file of this name can be written, before work is spent on what it is to hold: an empty temporary file
 * is made in the same folder and removed.
 *
 * @throws InputError as `writeFileAtomic` does
 */
export async function checkWritable(path: string): Promise<void> {
  const { stat } = await import('node:fs/promises')
  const status = await stat(path).catch((error) => {
    if (error.code === 'ENOENT') return null
    throw readable(path, error)
  })
  if (status?.isDirectory()) throw new BadInput(path, 'is a folder', 'the name of a file to write')
  const file = await AtomicFile.create(path)
  await file.discard()
}

/**
 * The same for files of any name in a folder.
 *
 * @throws InputError naming the folder when it is missing or not writable
 */
export async function checkFolderWritable(folder: string): Promise<void> {
  const file = await AtomicFile.create(folder, folder)
  await file.discard()
}

/** The file that a name stands for, behind links, and the mode of the one that is there. */
async function written(path: string): Promise<{ target: string; mode: number | undefined }> {
  const [{ readlink, realpath, stat }, { dirname, resolve }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
  ])
  const status = await stat(path).catch(() => null)
  if (status === null) {
    // a link to a file that is not there yet
    const link = await readlink(path).catch(() => null)
    return { target: link === null ? path : resolve(dirname(path), link), mode: undefined }
  }
  if (status.isDirectory()) return { target: path, mode: undefined }
  if (!status.isFile()) throw new BadInput(path, 'is a device or a pipe', 'the name of a file to write')
  return { target: await realpath(path), mode: status.mode & 0o777 }
}

function readable(
  path: string,
  error: unknown,
  expected = 'the name of a file that can be written',
): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (Object.hasOwn(PROBLEMS, code)) return new BadInput(path, PROBLEMS[code], expected)
  if (Object.hasOwn(FAILURES, code))
    return new ComputationError(
      `${path} could not be written, since ${FAILURES[code]}; what was there before is as it was. Try another folder.`,
    )
  return error
}
