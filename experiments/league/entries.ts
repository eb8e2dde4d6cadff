import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BadInput } from '../../src/io/bad-input.ts'
import { readJson } from '../../src/io/json.ts'

/** A network from elsewhere on one problem of the league, as `score --json` or `certify --json` found it. */
export interface Entry {
  readonly name: string
  readonly problem: string
  readonly relativeError: number
  /** 95 %. */
  readonly interval: readonly [number, number]
  /** null where it is no bound. */
  readonly certificate: number | null
}

interface EntryProblem {
  readonly name: string
  readonly time: number
}

/**
 * The networks of others: entries/NAME/PROBLEM.json in the folder of the league, each what `score --json` or `certify --json` printed.
 *
 * @throws InputError for a file that is not of a problem of the league, at its time
 */
export async function readEntries(folder: string, problems: readonly EntryProblem[]): Promise<Entry[]> {
  const root = join(folder, 'entries')
  const names = (await readdir(root, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  const entries: Entry[] = []
  for (const name of names)
    for (const file of (await readdir(join(root, name))).filter((one) => one.endsWith('.json')).sort()) {
      const path = join(root, name, file)
      const problem = problems.find((one) => `${one.name}.json` === file)
      if (!problem)
        throw new BadInput(
          path,
          'is named after no problem of the league',
          `one of ${problems.map((one) => `${one.name}.json`).join(', ')}`,
        )
      entries.push({ name, problem: problem.name, ...found(path, await readJson(path), problem) })
    }
  return entries
}

function found(
  path: string,
  json: unknown,
  { name, time }: EntryProblem,
): Pick<Entry, 'relativeError' | 'interval' | 'certificate'> {
  const printed = (typeof json === 'object' && json) || {}
  const trueError = 'trueError' in printed && typeof printed.trueError === 'object' ? printed.trueError : null
  const value = trueError && 'value' in trueError ? trueError.value : null
  const interval = trueError && 'interval' in trueError ? trueError.interval : null
  const isInterval = Array.isArray(interval) && interval.length === 2
  if (typeof value !== 'number' || !isInterval || !interval.every((end) => typeof end === 'number'))
    throw new BadInput(path, 'has no error', 'what score --json or certify --json prints')
  if (!('time' in printed) || printed.time !== time)
    throw new BadInput(path, 'is of another time', `--time ${time}, that of ${name}`)
  const bound =
    'bound' in printed && printed.bound === true && 'estimate' in printed ? printed.estimate : null
  return {
    relativeError: value,
    interval: [interval[0], interval[1]],
    certificate: typeof bound === 'number' ? bound : null,
  }
}
