import { BadInput } from './bad-input.ts'

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
