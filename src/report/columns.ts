import { formatCount, formatNumber, formatWithError, nothing } from './format.ts'
import type { MethodResult } from './results.ts'

/** A column of numbers of the results table, the same for the page and the terminal. */
interface Column {
  readonly heading: string
  /** What the numbers are, in a few words */
  readonly meaning: string
  readonly text: (row: MethodResult) => string
  /** The number that the smallest mark compares; without it nothing is marked */
  readonly compared?: (row: MethodResult) => number | null
}

export const columns: readonly Column[] = [
  {
    heading: 'relative error',
    meaning: 'root mean square of f̂ − f at T over the spread of the data, √(tr Cov), ± one standard error',
    text: (row) => formatWithError(row.relativeError, row.standardError),
    compared: (row) => row.relativeError,
  },
  {
    heading: 'over seeds',
    meaning:
      'smallest and largest relative error over the seeds of the training; the row is the seed in the middle',
    text: ({ seeds }) => {
      if (!seeds || seeds.length < 2) return nothing
      const errors = seeds.map(({ relativeError }) => relativeError)
      return `${formatNumber(Math.min(...errors), 2)} … ${formatNumber(Math.max(...errors), 2)}`
    },
  },
  {
    heading: 'median',
    meaning: 'median of |f̂ − f| over the same spread',
    text: (row) => formatNumber(row.medianError),
    compared: (row) => row.medianError,
  },
  {
    heading: 'without worst',
    meaning: 'relative error without the 0.1 % of points that contribute most',
    text: (row) => formatNumber(row.trimmedError),
    compared: (row) => row.trimmedError,
  },
  {
    heading: 'maximum',
    meaning: 'largest |f̂ − f| seen, over the same spread',
    text: (row) => formatNumber(row.maximumError),
    compared: (row) => row.maximumError,
  },
  {
    heading: 'certificate',
    meaning: 'bound on the relative error that needs no truth (networks only)',
    text: (row) => ((row.certificateReason ?? null) === null ? formatNumber(row.certificate) : 'no bound'),
    compared: (row) => ((row.certificateReason ?? null) === null ? row.certificate : null),
  },
  {
    heading: 'W₂',
    meaning: 'Wasserstein-2 distance between one-step samples and the data, in data units',
    text: (row) => formatNumber(row.wasserstein2),
  },
  {
    heading: 'evaluations',
    meaning: 'evaluations of the score at one point, training or other preparation included',
    text: (row) => formatCount(row.functionEvaluations),
  },
  {
    heading: 'seconds',
    meaning: 'seconds of computation, training or other preparation included',
    text: (row) => formatNumber(row.seconds),
  },
]

/** The Gaussian map: what every other method has to beat. */
export function isBaseline(row: MethodResult): boolean {
  return row.method === 'gaussian' || row.method.startsWith('gaussian:')
}

/** Whether the row holds the smallest number of the column; the baseline neither wins nor counts. */
export function isSmallest(row: MethodResult, column: Column, rows: readonly MethodResult[]): boolean {
  const own = column.compared?.(row)
  if (own === undefined || own === null || !Number.isFinite(own) || isBaseline(row)) return false
  return rows.every((other) => {
    const value = isBaseline(other) ? null : (column.compared?.(other) ?? null)
    return value === null || Number.isNaN(value) || own <= value
  })
}

/** What is worth saying about a row beside its numbers; empty when there is nothing. */
export function remark(row: MethodResult): string {
  if (isBaseline(row)) return 'baseline'
  return row.beatsBaseline === false ? 'does not beat the Gaussian baseline' : ''
}
