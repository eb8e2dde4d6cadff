import type { Method } from '../consistency-function.ts'
import type { Moments } from '../numeric/moments.ts'
import { applySpectral } from '../numeric/moments.ts'

/**
 * f(t → u, x) = μ + (Σ + u² I)^{1/2} (Σ + t² I)^{-1/2} (x − μ), the two-time map of N(μ, Σ), u = 0 unless given
 * (docs/mathematics.md §3).
 */
export function gaussianMap(moments: Moments): (t: number, x: Float64Array, u?: number) => Float64Array {
  const { mean } = moments
  const d = mean.length
  return (t, x, u = 0) => {
    if (t === u) return x.slice()
    const out = x.map((value, i) => value - mean[i % d])
    applySpectral(moments, gaussianFactors(moments, t, u), out)
    return out.map((value, i) => value + mean[i % d])
  }
}

/** √((λ + u²)/(λ + t²)) for each eigenvalue λ of the covariance. */
function gaussianFactors({ eigenvalues }: Moments, t: number, u: number): Float64Array {
  return eigenvalues.map((value) => Math.sqrt((value + u * u) / (value + t * t)))
}

/** ∂f/∂x of the same for n points, [n, d, d]: one matrix for all. */
export function gaussianSlopes(moments: Moments, t: number, n: number): Float64Array {
  const d = moments.mean.length
  const matrix = Float64Array.from({ length: d * d }, (_, i) => Number(Math.floor(i / d) === i % d))
  if (t > 0) applySpectral(moments, gaussianFactors(moments, t, 0), matrix)
  const out = new Float64Array(n * d * d)
  for (let row = 0; row < n; row++) out.set(matrix, row * d * d)
  return out
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
    solveVe({ moments, dimension }) {
      const map = gaussianMap(moments)
      return {
        evaluate: (t, x) => map(t, x),
        flow: { evaluate: (t, u, x) => map(t, x, u) },
        jacobian: (t, x) => gaussianSlopes(moments, t, x.length / dimension),
        functionEvaluations: 0,
      }
    },
  }
}
