import { InputError } from '../../src/errors.ts'
import { createProblem } from '../../src/problem/create.ts'
import type { Problem } from '../../src/problem/problem.ts'

/** A kernel density of standardised data, and how it was made. */
export interface DataProblem {
  readonly problem: Problem
  readonly data: DataDescription
}

export interface DataDescription {
  readonly file: string
  readonly columns: readonly string[]
  readonly rows: number
  /** Rows of numbers in the file, of which those were drawn. */
  readonly rowsInFile: number
  /** Rows left out because a cell was empty. */
  readonly skipped: number
  readonly mean: readonly number[]
  readonly standardDeviation: readonly number[]
  readonly bandwidth: number
}

/**
 * The problem of a data table: every column to mean 0 and standard deviation 1, a Gaussian kernel density by Silverman's
 * rule, and the VE process.
 *
 * @throws InputError for fewer than two rows or a column of equal values
 */
export function dataProblem(
  rows: readonly (readonly number[])[],
  {
    file,
    columns,
    skipped,
    rowsInFile,
  }: Pick<DataDescription, 'file' | 'columns' | 'skipped' | 'rowsInFile'>,
): DataProblem {
  const n = rows.length
  if (n < 2) throw new InputError(`the rows of ${file}`, n, 'at least two')
  const moments = columns.map((column, j) => {
    const mean = rows.reduce((sum, row) => sum + row[j], 0) / n
    const deviation = Math.sqrt(rows.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / n)
    if (deviation === 0) throw new InputError(`column ${column} of ${file}`, mean, 'more than one value')
    return { mean, deviation }
  })
  const standard = rows.map((row) => row.map((value, j) => (value - moments[j].mean) / moments[j].deviation))
  const problem = createProblem({
    process: { kind: 've' },
    data: { kind: 'empirical', points: standard, bandwidth: 'silverman' },
  })
  return {
    problem,
    data: {
      file,
      columns,
      rows: n,
      rowsInFile,
      skipped,
      mean: moments.map(({ mean }) => mean),
      standardDeviation: moments.map(({ deviation }) => deviation),
      bandwidth: (problem.density as unknown as { bandwidth: number }).bandwidth,
    },
  }
}
