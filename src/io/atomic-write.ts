import { BadInput } from './bad-input.ts'

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'is in a folder that does not exist',
  ENOTDIR: 'is in a folder that does not exist',
  EACCES: 'is in a folder that may not be written to',
  EPERM: 'is in a folder that may not be written to',
  EROFS: 'is on a read-only file system',
  EISDIR: 'is a folder',
  ENAMETOOLONG: 'has a name that is too long',
  ERR_INVALID_ARG_VALUE: 'is no file name',
}

/**
 * Writes a file so that it is there whole or not at all: to a temporary name in the same folder, flushed to disk, then
 * renamed. After a failure the temporary file is gone and an older file of this name is as it was.
 *
 * @throws InputError naming the file when its folder is missing or not writable, or the name is that of a folder
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = await writeTemporary(path, data)
  const { rename, rm } = await import('node:fs/promises')
  try {
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw asInputError(path, error)
  }
}

/**
 * Checks that a file of this name can be written, before work is spent on what it is to hold: an empty temporary file
 * is made in the same folder and removed.
 *
 * @throws InputError as `writeFileAtomic` does
 */
export async function checkWritable(path: string): Promise<void> {
  const { rm, stat } = await import('node:fs/promises')
  const status = await stat(path).catch((error) => {
    if (error.code === 'ENOENT') return null
    throw asInputError(path, error)
  })
  if (status?.isDirectory()) throw new BadInput(path, 'is a folder', 'the name of a file to write')
  await rm(await writeTemporary(path, ''))
}

async function writeTemporary(path: string, data: string | Uint8Array): Promise<string> {
  const [{ open, rm }, { dirname, join }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
  ])
  const temporary = join(dirname(path), `.${crypto.randomUUID()}.tmp`)
  const file = await open(temporary, 'wx').catch((error) => {
    throw asInputError(path, error)
  })
  try {
    try {
      await file.writeFile(data)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  return temporary
}

function asInputError(path: string, error: unknown): unknown {
  const problem = PROBLEMS[(error as NodeJS.ErrnoException).code ?? '']
  return problem === undefined ? error : new BadInput(path, problem, 'the name of a file that can be written')
}
