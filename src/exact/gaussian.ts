import type { Method } from '../consistency-function.ts'
import type { Moments } from '../problem/density.ts'
import { applySpectral } from '../problem/moments.ts'

/** f(t, x) = μ + Σ^{1/2} (Σ + t² I)^{-1/2} (x − μ), the consistency function of N(μ, Σ) (docs/mathematics.md §3). */
export function gaussianMap({ mean, ...rest }: Moments): (t: number, x: Float64Array) => Float64Array {
  const moments = { mean, ...rest }
  const d = mean.length
  return (t, x) => {
    if (t === 0) return x.slice()
    const factors = moments.eigenvalues.map((value) => Math.sqrt(value / (value + t * t)))
    const out = x.map((value, i) => value - mean[i % d])
    applySpectral(moments, factors, out)
    return out.map((value, i) => value + mean[i % d])
  }
}

/**
 * The Gaussian baseline: the exact map of the Gaussian with the data's mean and covariance. A method that is not
 * better than this has learned nothing beyond two moments.
 */
export function gaussianBaseline(): Method {
  return {
    name: 'gaussian',
    options: {},
    target: 'map',
    random: false,
    solveVe: (density) => ({ evaluate: gaussianMap(density.moments), functionEvaluations: 0 }),
  }
}
