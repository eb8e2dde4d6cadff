import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { checkFolderWritable } from '../src/io/atomic-write.ts'
import { BadInput } from '../src/io/bad-input.ts'

/**
 * Checks, before any work, that files can be written to a folder, or that the folder can be made where there is none.
 *
 * @throws InputError when the name, or that of a folder it is to be in, is a file, or writing is not allowed
 */
export async function checkOutputFolder(path: string): Promise<void> {
  const status = await stat(path).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw new BadInput(path, `cannot be used (${error.code})`, 'the name of a folder')
  })
  if (status === null) return checkOutputFolder(dirname(path))
  if (!status.isDirectory()) throw new BadInput(path, 'is a file', 'a folder')
  await checkFolderWritable(path)
}
