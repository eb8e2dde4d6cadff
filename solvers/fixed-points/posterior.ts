import type { Components } from './gaussian-components.ts'

/**
 * The law of X₀ given X_t = x for data made of Gaussians: again Gaussians, with responsibilities r_k(x) and means m_k(x)
 * that depend on x, and covariances Σ_k t² (Σ_k + t²)⁻¹ that do not.
 */
export interface Posterior {
  readonly count: number
  /** [K, d, d] row-major: A_k with A_k A_kᵀ = Cov(X₀ | x, k). */
  readonly roots: Float64Array
  /** The largest standard deviation of any component. */
  readonly spread: number
  /** r_k, [K], of the last x. */
  readonly responsibilities: Float64Array
  /** m_k, [K, d], of the last x. */
  readonly means: Float64Array
  /** Fills `responsibilities` and `means` for the x at x[start …]. */
  at(x: Float64Array, start: number): void
}

/** @param t above 0 */
export function posterior({ dimension: d, weights, means, covariances }: Components, t: number): Posterior {
  const count = weights.length
  const square = t * t
  const logs = new Float64Array(count)
  const inverse = new Float64Array(count * d)
  const gains = new Float64Array(count * d)
  const roots = new Float64Array(count * d * d)
  let spread = 0
  covariances.forEach(({ values, vectors }, k) => {
    logs[k] = Math.log(weights[k])
    for (let j = 0; j < d; j++) {
      const variance = values[j] + square
      logs[k] -= Math.log(variance) / 2
      inverse[k * d + j] = 1 / variance
      gains[k * d + j] = values[j] / variance
      const deviation = t * Math.sqrt(values[j] / variance)
      spread = Math.max(spread, deviation)
      for (let i = 0; i < d; i++) roots[(k * d + i) * d + j] = vectors[i * d + j] * deviation
    }
  })
  const responsibilities = new Float64Array(count)
  const posteriorMeans = new Float64Array(count * d)

  function at(x: Float64Array, start: number): void {
    let largest = -Infinity
    for (let k = 0; k < count; k++) {
      const { vectors } = covariances[k]
      let log = logs[k]
      for (let i = 0; i < d; i++) posteriorMeans[k * d + i] = means[k * d + i]
      for (let j = 0; j < d; j++) {
        let z = 0
        for (let i = 0; i < d; i++) z += vectors[i * d + j] * (x[start + i] - means[k * d + i])
        log -= (z * z * inverse[k * d + j]) / 2
        const moved = gains[k * d + j] * z
        for (let i = 0; i < d; i++) posteriorMeans[k * d + i] += vectors[i * d + j] * moved
      }
      responsibilities[k] = log
      if (log > largest) largest = log
    }
    let total = 0
    for (let k = 0; k < count; k++) {
      responsibilities[k] = Math.exp(responsibilities[k] - largest)
      total += responsibilities[k]
    }
    for (let k = 0; k < count; k++) responsibilities[k] /= total
  }

  return { count, roots, spread, responsibilities, means: posteriorMeans, at }
}
