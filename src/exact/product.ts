import { multiplyRows, transposed } from '../numeric/matrix.ts'
import type { Product } from '../problem/densities/product.ts'
import { checkStart, lineSlope, startMap } from './line.ts'
import { quantileMap } from './quantile.ts'
import type { ExactSolution } from './solution.ts'

/** f(t → u, x) = Rᵀ q(t → u, R x), q the quantile map of each coordinate, and ∂f/∂x = Rᵀ diag(q') R. */
export function ofProduct({ marginals, rotation, dimension: d }: Product): ExactSolution {
  const maps = marginals.map(quantileMap)
  const starts = marginals.map(startMap)
  const slopes = marginals.map(lineSlope)
  const back = transposed(rotation, d)

  /** Coordinate i of R x for the row at `start`. */
  function turned(x: Float64Array, start: number, i: number): number {
    let z = 0
    for (let j = 0; j < d; j++) z += rotation[i * d + j] * x[start + j]
    return z
  }

  function flow(t: number, u: number, x: Float64Array): Float64Array {
    for (const marginal of marginals) checkStart(marginal, t, u)
    const out = new Float64Array(x.length)
    const z = new Float64Array(x.length)
    multiplyRows(rotation, d, x, z)
    for (let k = 0; k < z.length; k++) z[k] = u === 0 ? starts[k % d](t, z[k]) : maps[k % d](t, z[k], u)
    multiplyRows(back, d, z, out)
    return out
  }

  return {
    evaluate: (t, x) => flow(t, 0, x),
    flow,
    jacobian(t, x) {
      const out = new Float64Array(x.length * d)
      for (let start = 0; start < x.length; start += d)
        for (let i = 0; i < d; i++) {
          const z = turned(x, start, i)
          const slope = slopes[i](t, z, starts[i](t, z))
          for (let j = 0; j < d; j++) {
            const factor = slope * rotation[i * d + j]
            for (let k = 0; k < d; k++) out[(start + j) * d + k] += factor * rotation[i * d + k]
          }
        }
      return out
    },
  }
}
