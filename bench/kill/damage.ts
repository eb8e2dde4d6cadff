import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeSafetensors } from '../../src/io/safetensors.ts'

type Check = (bytes: Buffer, name: string) => unknown

function endsWith(end: string): Check {
  return (bytes, name) => {
    if (!bytes.toString('latin1').trimEnd().endsWith(end)) throw new Error(`${name} has no end`)
  }
}

/** What is wrong with a file of each kind that is not whole. */
const checks: Readonly<Record<string, Check>> = {
  json: (bytes) => JSON.parse(bytes.toString()),
  safetensors: (bytes, name) => decodeSafetensors(bytes, name),
  html: endsWith('</html>'),
  svg: endsWith('</svg>'),
  png: endsWith('IEND\xaeB`\x82'),
}

/** A file that is being written, under a name of its own. */
export const TEMPORARY = /^\..*\.tmp$/
/** The lock of a folder, which the next writer takes over from a process that was killed. */
const LOCK = '.lock'

/** Names of the files in a folder, those in its folders too, with what is temporary and locks left out. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && entry.name !== LOCK && !TEMPORARY.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** The files in a folder that are not whole, or that do not belong there. */
export async function damagedFiles(folder: string): Promise<string[]> {
  const damaged: string[] = []
  for (const name of await filesIn(folder)) {
    const check = checks[/\.(\w+)$/.exec(name)?.[1] ?? '']
    try {
      if (!check) throw new Error('a file of another kind')
      check(await readFile(name), name)
    } catch {
      damaged.push(name)
    }
  }
  return damaged
}
