/** One way to solve (6) on one problem. */
export interface PdeRow {
  readonly family: string
  /** Tolerance, steps, nodes an axis, or training steps. */
  readonly size: number
  /** √(E|f̂ − f|² / tr Cov) at T with one standard error, and the median. */
  readonly relativeError: number
  readonly standardError: number
  readonly medianError: number
  /** Evaluations of the score before the first point, and for every point. */
  readonly buildEvaluations: number
  readonly pointEvaluations: number
  /** CPU seconds before the first point, and microseconds for every point. */
  readonly buildSeconds: number
  readonly pointMicroseconds: number
}
