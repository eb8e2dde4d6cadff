import { ComputationError } from './errors.ts'
import { type Points, points } from './points/points.ts'

/** How a row of points ended: at its value, at the limit of steps, at steps as small as rounding, or at a score that is not finite. */
export type RowCode = 'success' | 'step-limit' | 'step-floor' | 'non-finite'

/** How the rows of an evaluation ended. */
export interface RowReport {
  /** One code a row. */
  readonly codes: readonly RowCode[]
  /** Rows whose code is success. */
  readonly finished: number
  /** What happened to the first of the others and what to try, in one sentence; null when there are none. */
  readonly message: string | null
}

/** Values of the rows that were finished, NaN in the others. */
export interface VeAttempt extends RowReport {
  /** n·d values */
  readonly values: Float64Array
}

/** Values of the rows that were finished, NaN in the others. */
export interface Attempt extends RowReport {
  /** shape [n, d] */
  readonly values: Points
}

/** Some rows were not finished. Those that were are in `attempt`. */
export class UnfinishedError extends ComputationError {
  readonly attempt: Attempt

  constructor(attempt: Attempt) {
    const { finished, codes, message } = attempt
    super(`${finished} of ${codes.length} rows were finished; in the first of the others ${message}`)
    this.attempt = attempt
  }
}

/** The values when every row was finished. @throws UnfinishedError with those that were, otherwise */
export function valuesOrThrow(attempt: VeAttempt, dimension: number): Float64Array {
  if (attempt.message === null) return attempt.values
  throw new UnfinishedError({ ...attempt, values: points(attempt.values, dimension) })
}
