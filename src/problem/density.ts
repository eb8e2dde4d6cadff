import type { Moments } from '../numeric/moments.ts'
import type { Random } from '../random/random.ts'

/** One time for all rows, or one per row. Times are ≥ 0 and, here, always those of the VE process: X_t = X₀ + t Z. */
export type Times = number | Float64Array

/**
 * The parts that p_data is known to consist of: components of a mixture, shells, components of the marginals of a product, kernels, peaks of a formula.
 * Samples drawn from them on purpose see parts that draws from p_data would miss (docs/mathematics.md §5.6).
 */
export interface Strata {
  /** What they are, to be read in a sentence: "components of the mixture". */
  readonly name: string
  /** [K] The mass of each part in p_data. */
  readonly masses: Float64Array
  /** [K] The part of E|X₀ − EX₀|² that each holds, relative to it: what a map that knows nothing of it may owe it. */
  readonly spreads: Float64Array
  /** Whether p_data is the sum of its parts. Else, as in a product, p_data itself counts as part number K. */
  readonly whole: boolean
  /** One row from the part of each label, n·d values. */
  draw(labels: Int32Array, random: Random): Float64Array
  /** out = log Σ_k shares_k p_k,t(x), n values, for one share a label; absent for point masses. */
  logDensity?(shares: Float64Array, t: number, x: Float64Array, out: Float64Array): void
}

/**
 * A data distribution p_data with everything that is known of its diffused law p_t = p_data * N(0, t² I).
 * The one place where score, denoiser, log-density, sampling and scale come from. Batches are row-major
 * Float64Arrays of n·dimension values; `out` is written and must not overlap `x`.
 */
export interface Density {
  readonly kind: string
  readonly dimension: number
  /** Exponentials in one evaluation of the score, or as many as take its time: what its cost is counted in. 1 unless given. */
  readonly terms?: number
  readonly moments: Moments
  /** The smallest standard deviation above 0 of its parts, where these are known; 0 for point masses. p_t changes at times from there on. */
  readonly finest?: number
  /** Ends along each axis outside which p_data is 0, where these are known: no trajectory starts there. */
  readonly support?: readonly (readonly [number, number])[]
  /** The largest time that it is known for; any where absent. */
  readonly maximumTime?: number
  /** The rounding of its score, relative, where that is more than that of double precision: of networks in single precision. */
  readonly rounding?: number
  /** False where a score alone is known, which says nothing of the data at the end of a process where none are left. */
  readonly knownAtEnd?: boolean
  /** out = s(t, x) = ∇ log p_t(x), n·d values. */
  score(t: Times, x: Float64Array, out: Float64Array): void
  /** out = D(t, x) = E[X₀ | X_t = x] = x + t² s(t, x), n·d values, computed without that cancellation. */
  denoiser(t: Times, x: Float64Array, out: Float64Array): void
  /**
   * out = E[Z | X_t = x] = −t s(t, x), n·d values, without a division by t: of a network that predicts it, it need not be 0 at t = 0.
   * Absent where the score says the same.
   */
  noise?(t: Times, x: Float64Array, out: Float64Array): void
  /** out = ∇s(t, x) = ∇² log p_t(x), [n, d, d] row-major. Mixtures have it in closed form. */
  scoreJacobian?(t: Times, x: Float64Array, out: Float64Array): void
  /** out = log p_t(x), n values. Absent when only a score is known. */
  logDensity?(t: Times, x: Float64Array, out: Float64Array): void
  /** n·d values drawn from p_data. Absent when only a score is known. */
  sample?(count: number, random: Random): Float64Array
  /** Absent where nothing is known of the parts of p_data. */
  readonly strata?: Strata
  /** True when p_data is a sum of point masses (no density at t = 0): the flow is then defined for t > 0 only. */
  readonly atomic: boolean
}
