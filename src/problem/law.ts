import type { Progress } from '../progress.ts'

/** What long work is told while it runs. */
export interface LawRun {
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/**
 * The law p_t of a process that does not reduce to the VE process, in the problem's own time: with it the velocity of the
 * probability-flow ODE (3), b − ½σ² ∇log p_t (docs/mathematics.md §1.1), is known. Batches are row-major.
 */
export interface Law {
  readonly dimension: number
  /**
   * Makes p_t known up to a time. The other functions do it themselves if it was not done.
   *
   * @throws InputError or ComputationError where p_t cannot be computed that far
   */
  prepare(time: number, run?: LawRun): Promise<void>
  /** out = ∇ log p_t(x), n·d values. */
  score(t: number, x: Float64Array, out: Float64Array): void
  /** out = log p_t(x), n values. Absent when only a score is known. */
  logDensity?(t: number, x: Float64Array, out: Float64Array): void
  /** The box outside of which p_t is negligible, for all times prepared: [low, high] for each coordinate. */
  readonly box?: readonly (readonly [number, number])[] | undefined
  /** What is to be known of how p_t was computed, such as the size of the grid. */
  readonly diagnostics?: unknown
}
