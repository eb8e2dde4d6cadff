import { memoizeLru } from './memoize-lru.ts'

/** A quadrature rule Σ w g(node). Shared: not to be changed. */
export interface QuadratureRule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/** Nodes in (−1, 1), ascending, and weights of the Gauss–Legendre rule of so many nodes, by Newton on P_n (DLMF 3.5.15 and 18.9.1). */
export const gaussLegendre = memoizeLru(rule, 16)

function rule(count: number): QuadratureRule {
  const nodes = new Float64Array(count)
  const weights = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (count + 0.5))
    let slope = 1
    for (let pass = 0; pass < 100; pass++) {
      let [previous, value] = [1, x]
      for (let n = 2; n <= count; n++)
        [previous, value] = [value, ((2 * n - 1) * x * value - (n - 1) * previous) / n]
      slope = (count * (previous - x * value)) / (1 - x * x)
      const step = value / slope
      x -= step
      if (Math.abs(step) < 1e-16) break
    }
    nodes[i] = x
    weights[i] = 2 / ((1 - x * x) * slope * slope)
  }
  return { nodes, weights }
}
