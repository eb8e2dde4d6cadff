/** X₀ given X_t = x as one Gaussian, f(t, x, ξ) = F(t, x) + G(t, x) ξ with ξ ~ N(0, I) (docs/mathematics.md §6), in the VE problem. */
export interface StochasticFlow {
  readonly dimension: number
  /** F, [n, d], and G, [n, d, d] row-major, for n·d values x and t above 0. */
  law(t: number, x: Float64Array): ConditionalGaussian
}

export interface ConditionalGaussian {
  readonly mean: Float64Array
  readonly factor: Float64Array
}

/** G Gᵀ of every row, [n, d, d]. */
export function covarianceOf({ factor }: ConditionalGaussian, d: number): Float64Array {
  const out = new Float64Array(factor.length)
  for (let at = 0; at < factor.length; at += d * d)
    for (let i = 0; i < d; i++)
      for (let l = 0; l <= i; l++) {
        let sum = 0
        for (let j = 0; j < d; j++) sum += factor[at + i * d + j] * factor[at + l * d + j]
        out[at + i * d + l] = sum
        out[at + l * d + i] = sum
      }
  return out
}
