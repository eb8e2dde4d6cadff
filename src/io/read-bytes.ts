import { BadInput } from './bad-input.ts'
import { readPipe } from './read-pipe.ts'

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a folder',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ENAMETOOLONG: 'has a name that is too long',
  ELOOP: 'is a loop of links',
  ERR_FS_FILE_TOO_LARGE: 'is too large',
  ERR_INVALID_ARG_VALUE: 'is no file name',
}

/**
 * The bytes of a file.
 *
 * @throws InputError naming the file when it is missing, a folder, a pipe without an end, or cannot be read
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const { readFile, stat } = await import('node:fs/promises')
  try {
    // a device may have no end
    const status = await stat(path)
    if (status.isCharacterDevice() || status.isBlockDevice())
      throw new BadInput(path, 'is a device', 'a file that can be read')
    if (status.isSocket()) throw new BadInput(path, 'is a socket', 'a file that can be read')
    if (status.isFIFO()) return await readPipe(path)
    return await readFile(path)
  } catch (error) {
    const problem = PROBLEMS[(error as NodeJS.ErrnoException).code ?? '']
    if (problem === undefined) throw error
    throw new BadInput(path === '' ? 'the empty file name' : path, problem, 'a file that can be read')
  }
}
