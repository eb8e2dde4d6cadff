import { InputError } from '../../../src/errors.ts'
import type { Density } from '../../../src/problem/density.ts'
import type { StochasticFlow } from './flow.ts'

/**
 * The best Gaussian answer in closed form: F = D(t, x) and G the Cholesky factor of Cov(X₀|X_t = x) = t² (I + t² ∇² log p_t(x))
 * (docs/mathematics.md §6).
 *
 * @throws InputError for a density without `scoreJacobian`
 */
export function exactStochasticFlow(density: Density): StochasticFlow {
  const { dimension: d } = density
  if (!density.scoreJacobian)
    throw new InputError('the data', density.kind, 'a Gaussian or a mixture of Gaussians: ∇² log p is needed')
  return {
    dimension: d,
    law(t, x) {
      const mean = new Float64Array(x.length)
      density.denoiser(t, x, mean)
      const factor = new Float64Array(x.length * d)
      density.scoreJacobian?.(t, x, factor)
      for (let at = 0; at < factor.length; at += d * d) {
        for (let i = 0; i < d * d; i++)
          factor[at + i] = t * t * ((i % (d + 1) === 0 ? 1 : 0) + t * t * factor[at + i])
        choleskyInPlace(factor.subarray(at, at + d * d), d)
      }
      return { mean, factor }
    },
  }
}

/** A becomes L, lower triangular, A = L Lᵀ; a pivot that rounding makes negative counts as 0. */
function choleskyInPlace(A: Float64Array, d: number): void {
  for (let j = 0; j < d; j++) {
    for (let i = j; i < d; i++) {
      let sum = A[i * d + j]
      for (let k = 0; k < j; k++) sum -= A[i * d + k] * A[j * d + k]
      const pivot = A[j * d + j]
      if (i === j) A[i * d + j] = Math.sqrt(Math.max(sum, 0))
      else A[i * d + j] = pivot > 0 ? sum / pivot : 0
    }
    for (let i = 0; i < j; i++) A[i * d + j] = 0
  }
}
