import type { ConsistencyFunction, Method } from '../../../src/consistency-function.ts'
import { loadProblem } from '../../../src/create/read-problem.ts'
import type { Problem } from '../../../src/problem/problem.ts'
import { recordOf } from '../../../src/problem/record.ts'
import type { Progress } from '../../../src/progress.ts'
import { solve } from '../../../src/solve.ts'
import { checkForwardMap, type ForwardMapOptions } from '../limits.ts'
import type { GridTable } from './grid-table.ts'
import { levelTable } from './level-table.ts'
import { decodeTable, encodeTable } from './table-file.ts'
import { tableBasics, tableMap, tableMethod } from './table-map.ts'

/** A consistency function that is a table, and can be saved. */
export interface TabulatedFunction extends ConsistencyFunction {
  readonly table: GridTable
}

export interface TabulateOptions extends ForwardMapOptions {
  /** The largest time T of the problem's own process. */
  readonly time: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/**
 * The consistency function of a problem as a table of its forward map (docs/mathematics.md §2) for all t in [0, T], in 1 to 3
 * dimensions: dear to make, cheap to evaluate and free of further evaluations of the score but for points far outside. The
 * thing to wrap an expensive score in. Its `ve.diagnostics` hold its error at several times.
 *
 * @param options `time`, and at most one of `nodes` (with `rtol`) and `tolerance`, as for `forwardMap`
 * @throws InputError as `forwardMap`, and for a table too large for the memory
 * @example const f = await tabulate(problem, { time: 10, tolerance: 1e-6 }); await saveTable(f, 'table.bin')
 */
export async function tabulate(problem: Problem, options: TabulateOptions): Promise<TabulatedFunction> {
  const { time, onProgress, signal, ...rest } = options
  const settings = checkForwardMap(rest)
  let made: GridTable | undefined
  const method: Method = {
    ...tableBasics(settings),
    async solveVe(density, run) {
      made = { ...(await levelTable(density, run, settings)), ...recordOf(problem, time) }
      return tableMap(density, made)
    },
  }
  const run = { time, onProgress, signal }
  const f = await solve(problem, method, run)
  return Object.assign(f, { table: made as GridTable })
}

/**
 * Writes a table to a file: whole or not at all. `encodeTable` has the format.
 *
 * @throws InputError when the file cannot be written
 */
export async function saveTable(f: TabulatedFunction, path: string): Promise<void> {
  const { writeFileAtomic } = await import('../../../src/io/atomic-write.ts')
  await writeFileAtomic(path, await encodeTable(f.table))
}

/**
 * The consistency function of a saved table, at once: no score is evaluated.
 *
 * @throws InputError naming the file when it is no table, of another version, cut off or changed
 */
export async function loadTable(path: string): Promise<TabulatedFunction> {
  const { readBytes } = await import('../../../src/io/read-file.ts')
  const table = await decodeTable(await readBytes(path), path)
  const f = await solve(await loadProblem(table.problem), tableMethod(table), { time: table.time })
  return Object.assign(f, { table })
}
