import { createProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { type FitOptions, fitMixture, type MixtureFit } from '../../src/fit/fit-mixture.ts'
import { standardise } from '../../src/numeric/standardise.ts'
import { isEmpirical } from '../../src/problem/densities/empirical.ts'
import type { Problem } from '../../src/problem/problem.ts'
import type { Random } from '../../src/random/random.ts'
import { formatNumber } from '../../src/report/format.ts'

/** A density of standardised data, and how it was made. */
interface DataProblem {
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
  /** Of a kernel density. */
  readonly bandwidth?: number
  /** Of a mixture: what it was chosen from, and how it does. */
  readonly mixture?: Omit<MixtureFit, 'problem' | 'curve'>
}

type TableFacts = Pick<DataDescription, 'file' | 'columns' | 'skipped' | 'rowsInFile'>

/**
 * The problem of a data table: every column to mean 0 and standard deviation 1, a Gaussian kernel density by Silverman's
 * rule, and the VE process.
 *
 * @throws InputError for fewer than two rows or a column of equal values
 */
export function dataProblem(rows: readonly (readonly number[])[], facts: TableFacts): DataProblem {
  const { standard, description } = standardised(rows, facts)
  const problem = createProblem({
    process: { kind: 've' },
    data: { kind: 'empirical', points: standard, bandwidth: 'silverman' },
  })
  const bandwidth = isEmpirical(problem.density) ? problem.density.bandwidth : 0
  return { problem, data: { ...description, bandwidth } }
}

/**
 * The same with a mixture of factor analysers that is fitted to the standardised rows, in place of the kernel density.
 *
 * @throws InputError as `dataProblem` and `fitMixture` do
 */
export async function mixtureProblem(
  rows: readonly (readonly number[])[],
  facts: TableFacts,
  options: FitOptions,
): Promise<DataProblem> {
  const { standard, description } = standardised(rows, facts)
  const { problem, curve: _, ...mixture } = await fitMixture(standard, options)
  return { problem: createProblem(problem), data: { ...description, mixture } }
}

/** Columns of mean 0 and standard deviation 1, and what they were. */
function standardised(
  rows: readonly (readonly number[])[],
  { file, columns, skipped, rowsInFile }: TableFacts,
) {
  const n = rows.length
  if (n < 2) throw new InputError(`the rows of ${file}`, n, 'at least two')
  const names = columns.map((column) => `column ${column} of ${file}`)
  const { rows: standard, mean, standardDeviation } = standardise(rows, names)
  return {
    standard,
    description: { file, columns, rows: n, rowsInFile, skipped, mean, standardDeviation },
  }
}

/** So many of the rows in their order, every choice equally likely; all of them where there are no more. */
export function drawRows<T>(rows: readonly T[], count: number, random: Random): T[] {
  let wanted = Math.min(count, rows.length)
  return rows.filter((_, i) => {
    // one row after the other: chosen as often as there are places left among those that are left
    const taken = random.uniform() * (rows.length - i) < wanted
    if (taken) wanted--
    return taken
  })
}

/** What a page says of a table and of the density made of it. */
export function dataFacts(data: DataDescription): Record<string, string> {
  const { columns, file, bandwidth } = data
  return {
    Data: `${columns.join(' and ')} of ${file}: ${rowsOf(data)}, standardised; ${densityOf(data)}`,
    ...(bandwidth !== undefined && { 'Bandwidth h': `${formatNumber(bandwidth)} (Silverman's rule)` }),
  }
}

function rowsOf({ rows, rowsInFile, skipped }: DataDescription): string {
  const drawn = rows < rowsInFile ? `${rows} of ${rowsInFile} rows, drawn with the seed` : `${rows} rows`
  return `${drawn}${skipped > 0 ? `, ${skipped} with an empty cell left out` : ''}`
}

function densityOf({ mixture }: DataDescription): string {
  if (!mixture) return 'kernel density, p(x) = mean of N(x; xᵢ, h²)'
  const { components, factors, candidates, rowsHeldOut, heldOut } = mixture
  const chosen = candidates.length > 1 ? `, the best of ${candidates.length}` : ''
  const parts =
    factors === 0 ? 'Gaussians' : `factor analysers of ${factors} factor${factors === 1 ? '' : 's'}`
  return `mixture of ${components} ${parts}, fitted by EM${chosen}; log-likelihood of ${rowsHeldOut} rows held out ${heldOut?.toFixed(3)} a row`
}
