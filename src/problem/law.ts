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
  /**
   * The distribution function of p_t on the line by a second method, finite volumes, which asks for no smooth drift: with errors below `accuracy` where
   * that can be had, null where it cannot be computed. Absent in the plane.
   */
  distribution?(t: number, accuracy: number): Distribution | null
  /** The box outside of which p_t is negligible, for all times prepared: [low, high] for each coordinate. */
  readonly box?: readonly (readonly [number, number])[] | undefined
  /** What is to be known of how p_t was computed, such as the size of the grid. */
  readonly diagnostics?: unknown
  /** Sentences on what p_t falls short of, for all times prepared. */
  readonly warnings?: readonly string[]
}

/** A distribution function on an interval of the line. */
export interface Distribution {
  readonly box: readonly [number, number]
  /** The size of the finest grid. */
  readonly cells: number
  /** The largest error of a probability, as two extrapolations from three grids differ; but for what the mass lacks. */
  readonly error: number
  readonly mass: number
  /** Whether the drift has a jump or a corner in the interval. */
  readonly corners: boolean
  /** The probability below x (side 0) or above it (side 1), and its error. */
  probability(x: number, side: 0 | 1): { readonly value: number; readonly error: number }
}
