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

/**
 * Checks that no output is a file to be read, nor two outputs one file, under whatever name: links are followed.
 *
 * @param inputs names of files, those that are not given left out
 * @param outputs what to call each in an error, such as --out, with its name
 * @throws InputError naming the first that is
 */
export async function checkOutputs(
  inputs: readonly (string | undefined)[],
  outputs: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const seen = new Map<string, string>()
  for (const input of inputs) if (input !== undefined) seen.set(await identity(input), 'is a file to read')
  for (const [option, name] of Object.entries(outputs)) {
    if (name === undefined) continue
    const key = await identity(name)
    const problem = seen.get(key)
    if (problem !== undefined) throw new BadInput(`${option} ${name}`, problem, 'another name')
    seen.set(key, `is the file of ${option}`)
  }
}

async function identity(path: string): Promise<string> {
  const [{ stat }, { resolve }] = await Promise.all([import('node:fs/promises'), import('node:path')])
  const status = await stat(path, { bigint: true }).catch(() => null)
  return status === null ? resolve(path) : `${status.dev}:${status.ino}`
}
