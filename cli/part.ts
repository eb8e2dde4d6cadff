import type { ConsistencyFunction } from '../src/consistency-function.ts'
import { type Points, rowMajor } from '../src/points/points.ts'

/** f at a part of the points, as plain data. */
export interface PartResult {
  readonly values: Float64Array
  readonly count: number
  /** Rows that were finished, and what happened to the first of the others. */
  readonly finished: number
  readonly message: string | null
  /** Evaluations of the score at one point. */
  readonly evaluations: number
}

export function evaluatePart(f: ConsistencyFunction, t: number, X: Points): PartResult {
  const before = f.ve.functionEvaluations
  const { values, finished, message } = f.attempt(t, X)
  return {
    values: rowMajor(values),
    count: X.shape[0],
    finished,
    message,
    evaluations: f.ve.functionEvaluations - before,
  }
}
