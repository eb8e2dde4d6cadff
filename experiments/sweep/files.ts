import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MethodResult } from '../../src/report/results.ts'
import type { SweepRun } from './runs.ts'

/** The file of a finished run: whole or not there. */
export interface RunFile {
  readonly key: string
  readonly name: string
  readonly row: MethodResult
  /** Why there are no numbers in the row, such as a training whose loss became infinite, in whole sentences. */
  readonly failure?: string
}

export function runPath(folder: string, { name }: Pick<SweepRun, 'name'>): string {
  return join(folder, 'runs', `${name}.json`)
}

/** Where the network of a run is, with its checkpoint while it is trained. */
export function modelPath(folder: string, { name }: Pick<SweepRun, 'name'>): string {
  return join(folder, 'models', name)
}

/** The result of a run; null where there is none, or that of another sweep, or a damaged one. */
export async function readRun(folder: string, run: SweepRun): Promise<RunFile | null> {
  try {
    const file = JSON.parse(await readFile(runPath(folder, run), 'utf8'))
    return file?.key === run.key && typeof file.row === 'object' ? file : null
  } catch {
    return null
  }
}
