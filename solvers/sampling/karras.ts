/**
 * The noise levels of Karras et al. 2022, eq. 5: t_i = (t^{1/ρ} + i/(K−1) (σ_min^{1/ρ} − t^{1/ρ}))^ρ, i = 0 … K−1, and
 * t_K = 0. One level less for t ≤ σ_min would be no schedule, so there a single step goes from t to 0.
 *
 * @param t where to start, above 0
 * @param steps K, at least 1
 * @returns K + 1 descending times, or 2 when K = 1 or t ≤ σ_min
 */
export function karrasTimes(t: number, steps: number, sigmaMin: number, rho: number): Float64Array {
  if (steps === 1 || t <= sigmaMin) return Float64Array.of(t, 0)
  const high = t ** (1 / rho)
  const low = sigmaMin ** (1 / rho)
  const times = Float64Array.from(
    { length: steps + 1 },
    (_, i) => (high + (i / (steps - 1)) * (low - high)) ** rho,
  )
  times[0] = t
  times[steps - 1] = sigmaMin
  times[steps] = 0
  return times
}
