import type { Density, Times } from '../density.ts'
import type { GaussianComponents } from './structure.ts'

/**
 * ∇² log p_t of a Gaussian mixture in closed form: with the responsibilities r_k, P_k = (Σ_k + t² I)^{-1} and s_k = −P_k (x − μ_k),
 *
 *     ∇s = −Σ r_k P_k + Σ r_k (s_k − s)(s_k − s)ᵀ,   s = Σ r_k s_k,
 *
 * and Cov(X₀ | X_t = x) = t² (I + t² ∇s) (docs/mathematics.md §1.3, §6).
 */
export function mixtureScoreJacobian(components: GaussianComponents): NonNullable<Density['scoreJacobian']> {
  const { weights, means, eigenvalues, eigenvectors } = components
  const count = weights.length
  const d = means.length / count
  const logs = new Float64Array(count)
  const slopes = new Float64Array(count * d)
  const inverse = new Float64Array(count * d)
  const score = new Float64Array(d)

  /** log(w_k N_k), s_k and the eigenvalues of P_k at one point. */
  function place(t: number, x: Float64Array, start: number): void {
    for (let k = 0; k < count; k++) {
      logs[k] = Math.log(weights[k])
      slopes.fill(0, k * d, (k + 1) * d)
      for (let j = 0; j < d; j++) {
        const variance = Math.max(eigenvalues[k * d + j] + t * t, 1e-300)
        inverse[k * d + j] = 1 / variance
        let z = 0
        for (let i = 0; i < d; i++) z += eigenvectors[(k * d + i) * d + j] * (x[start + i] - means[k * d + i])
        logs[k] -= (Math.log(variance) + (z * z) / variance) / 2
        for (let i = 0; i < d; i++) slopes[k * d + i] -= (eigenvectors[(k * d + i) * d + j] * z) / variance
      }
    }
  }

  return (t: Times, x, out) => {
    out.fill(0)
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      place(typeof t === 'number' ? t : t[row], x, start)
      const largest = logs.reduce((a, b) => Math.max(a, b), -Infinity)
      let total = 0
      for (let k = 0; k < count; k++) total += logs[k] = Math.exp(logs[k] - largest)
      score.fill(0)
      for (let k = 0; k < count; k++)
        for (let i = 0; i < d; i++) score[i] += (logs[k] / total) * slopes[k * d + i]
      for (let k = 0; k < count; k++) {
        const share = logs[k] / total
        if (share === 0) continue
        for (let i = 0; i < d; i++)
          for (let l = 0; l < d; l++) {
            let sum = (slopes[k * d + i] - score[i]) * (slopes[k * d + l] - score[l])
            for (let j = 0; j < d; j++)
              sum -=
                eigenvectors[(k * d + i) * d + j] * inverse[k * d + j] * eigenvectors[(k * d + l) * d + j]
            out[(row * d + i) * d + l] += share * sum
          }
      }
    }
  }
}
