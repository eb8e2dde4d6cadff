import type { RowCode, RowReport } from '../../src/attempt.ts'

/** A row that did not arrive, with what to do about it. */
export interface Failure {
  readonly code: Exclude<RowCode, 'success'>
  /** One sentence. */
  readonly message: string
}

/** The rows of a block that did not arrive. */
export type Failures = ReadonlyMap<number, Failure>

export const NONE: Failures = new Map()

/** The report of n rows of which these did not arrive. */
export function rowReport(n: number, failures: Failures): RowReport {
  const first = failures.size > 0 ? Math.min(...failures.keys()) : -1
  return {
    codes: Array.from({ length: n }, (_, row): RowCode => failures.get(row)?.code ?? 'success'),
    finished: n - failures.size,
    message: failures.get(first)?.message ?? null,
  }
}
