import { InputError } from '../errors.ts'

/** Columns of mean 0 and standard deviation 1, and what they were. */
export interface Standardised {
  readonly rows: number[][]
  /** Of each column. */
  readonly mean: number[]
  readonly standardDeviation: number[]
}

/**
 * Brings each column of a table to mean 0 and standard deviation 1: columns of different units become comparable.
 *
 * @param rows at least two, all of d finite numbers
 * @param names what errors call the columns
 * @throws InputError where a column has one value only
 */
export function standardise(
  rows: readonly (readonly number[])[],
  names: readonly string[] = (rows[0] ?? []).map((_, j) => `column ${j + 1}`),
): Standardised {
  const n = rows.length
  if (n < 2) throw new InputError('the number of rows', n, 'at least two')
  const moments = names.map((name, j) => {
    const scale = scaleOf(rows, j)
    const mean = rows.reduce((sum, row) => sum + row[j] / scale, 0) / n
    const deviation = Math.sqrt(rows.reduce((sum, row) => sum + (row[j] / scale - mean) ** 2, 0) / n)
    if (deviation === 0) throw new InputError(name, scale * mean, 'more than one value')
    if (!Number.isFinite(deviation)) throw new InputError(name, deviation, 'finite numbers in every row')
    return { scale, mean, deviation }
  })
  return {
    rows: rows.map((row) =>
      moments.map(({ scale, mean, deviation }, j) => (row[j] / scale - mean) / deviation),
    ),
    mean: moments.map(({ scale, mean }) => scale * mean),
    standardDeviation: moments.map(({ scale, deviation }) => scale * deviation),
  }
}

/** The power of two at the largest value of a column: in its units squares neither vanish nor overflow, and no bit changes. */
function scaleOf(rows: readonly (readonly number[])[], j: number): number {
  const largest = rows.reduce((most, row) => Math.max(most, Math.abs(row[j])), 0)
  return largest === 0 ? 1 : 2 ** Math.max(-1074, Math.floor(Math.log2(largest)))
}
