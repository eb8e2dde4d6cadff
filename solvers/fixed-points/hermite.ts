import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

/** A rule Σ w g(ξ) for E[g(ξ)], ξ ~ N(0, I) in d dimensions. */
export interface NormalRule {
  readonly count: number
  /** [count, d] row-major */
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/**
 * The tensor Gauss–Hermite rule with `order` nodes an axis, exact for polynomials of degree 2·order − 1: eigenvalues and first
 * components of the eigenvectors of the Jacobi matrix (Golub and Welsch 1969).
 */
export function normalRule(order: number, dimension: number): NormalRule {
  const jacobi = Matrix.zeros(order, order)
  for (let k = 1; k < order; k++) {
    jacobi.set(k - 1, k, Math.sqrt(k))
    jacobi.set(k, k - 1, Math.sqrt(k))
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(jacobi, {
    assumeSymmetric: true,
  })
  const line = realEigenvalues.map((node, k) => ({ node, weight: eigenvectorMatrix.get(0, k) ** 2 }))
  const count = order ** dimension
  const nodes = new Float64Array(count * dimension)
  const weights = new Float64Array(count).fill(1)
  for (let index = 0; index < count; index++)
    for (let i = 0, rest = index; i < dimension; i++) {
      const { node, weight } = line[rest % order]
      rest = Math.floor(rest / order)
      nodes[index * dimension + i] = node
      weights[index] *= weight
    }
  return { count, nodes, weights }
}
