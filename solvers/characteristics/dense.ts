import type { Tableau } from './tableaux/tableau.ts'

/**
 * Weights w_i(x) of the stages in y(s₀ + x h) = y₀ + h Σ w_i k_i for the dense output of a tableau: all its stages,
 * then the slope at the new point, then the stages of the dense output. The nested form is kept because the
 * coefficients of plain powers of x would cancel.
 */
export function denseWeights(tableau: Tableau, x: number, out: Float64Array): void {
  const { b, dense } = tableau
  const last = b.length
  for (let i = 0; i < out.length; i++) {
    const first = i === 0 ? 1 : 0
    const slope = i < last ? (b[i] as number) : 0
    let sum = 0
    for (let j = dense.d.length - 1; j >= 0; j--)
      sum = ((dense.d[j]?.[i] ?? 0) + sum) * (j % 2 === 0 ? 1 - x : x)
    sum = (2 * slope - first - (i === last ? 1 : 0) + sum) * x
    sum = (first - slope + sum) * (1 - x)
    out[i] = (slope + sum) * x
  }
}
