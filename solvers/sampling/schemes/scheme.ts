/** out = D(t, x) for rows. */
type Denoiser = (t: number, x: Float64Array, out: Float64Array) => void

/** A K-step sampler. A new one is a file here and a line in index.ts. */
export interface SamplingScheme {
  /** In words, with the paper and equation it comes from. */
  readonly source: string
  /** Order of convergence of the map in the number of steps; null where noise is added, so that there is no map. */
  readonly order: number | null
  /** Evaluations of the denoiser in so many steps, without the last one, to t = 0, which takes one with every sampler. */
  evaluations(steps: number): number
  /**
   * x from times[0] to the last time above 0, in place; the step from there to 0 is x = D(t, x).
   *
   * @param times descending, the last one 0
   * @param normal standard normal numbers, for samplers that add noise
   */
  descend(denoise: Denoiser, times: Float64Array, x: Float64Array, normal: () => number): void
}
