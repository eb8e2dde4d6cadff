import type { UniformGrid } from '../uniform-grid.ts'
import type { Field } from './tensor-spline.ts'

/** The coordinates of the Chebyshev–Lobatto nodes −cos(πj/n) of every axis of a box, size·d values. */
export function chebyshevNodes({ dimension: d, nodes, size, low, high }: UniformGrid): Float64Array {
  const y = new Float64Array(size * d)
  for (let node = 0; node < size; node++)
    for (let i = 0; i < d; i++) {
      const j = Math.floor(node / nodes ** (d - 1 - i)) % nodes
      // sin form: exact at the ends and symmetric
      const x = Math.sin((Math.PI * (2 * j - (nodes - 1))) / (2 * (nodes - 1)))
      y[node * d + i] = 0.5 * (low[i] + high[i]) + 0.5 * (high[i] - low[i]) * x
    }
  return y
}

/**
 * The polynomial through node values on a tensor grid of Chebyshev–Lobatto nodes, in one or two dimensions, as a Chebyshev
 * series (Trefethen, Approximation Theory and Approximation Practice, 2019, ch. 3–4).
 *
 * @param values [nodes^d, d], the last axis fastest
 */
export function chebyshevField(grid: UniformGrid, values: Float64Array): Field {
  const { dimension: d, nodes, low, high } = grid
  const c = coefficients(values, nodes, d)
  const T = new Float64Array(d * nodes)
  const D = new Float64Array(d * nodes)
  const columns = nodes ** (d - 1)

  /** T_k and dT_k/dy along an axis. */
  function polynomials(axis: number, x: number): void {
    const first = axis * nodes
    const perUnit = 2 / (high[axis] - low[axis])
    // U_k by its own recurrence: T_k' = k U_(k−1)
    let before = 0
    let u = 1
    T[first] = 1
    D[first] = 0
    for (let k = 1; k < nodes; k++) {
      T[first + k] = k === 1 ? x : 2 * x * T[first + k - 1] - T[first + k - 2]
      D[first + k] = k * u * perUnit
      const next = 2 * x * u - before
      before = u
      u = next
    }
  }

  return {
    grid,
    evaluate(y, start, value, jacobian) {
      for (let i = 0; i < d; i++) polynomials(i, (2 * y[start + i] - low[i] - high[i]) / (high[i] - low[i]))
      value.fill(0)
      jacobian.fill(0)
      const last = (d - 1) * nodes
      for (let column = 0; column < columns; column++) {
        const weight = d === 1 ? 1 : T[column]
        const slope = d === 1 ? 0 : D[column]
        for (let m = 0; m < d; m++) {
          let sum = 0
          let along = 0
          for (let k = 0, at = column * nodes * d + m; k < nodes; k++, at += d) {
            sum += T[last + k] * c[at]
            along += D[last + k] * c[at]
          }
          value[m] += weight * sum
          jacobian[m * d + d - 1] += weight * along
          if (d === 2) jacobian[m * d] += slope * sum
        }
      }
    },
  }
}

/** Node values to coefficients of the series, axis by axis: a discrete cosine transform, by its definition. */
function coefficients(values: Float64Array, nodes: number, d: number): Float64Array {
  const n = nodes - 1
  const matrix = new Float64Array(nodes * nodes)
  for (let k = 0; k < nodes; k++)
    for (let j = 0; j < nodes; j++) {
      const ends = (k % n === 0 ? 0.5 : 1) * (j % n === 0 ? 0.5 : 1)
      // node j is at −cos(πj/n) = cos(π(n−j)/n)
      matrix[k * nodes + j] = (2 / n) * ends * Math.cos((Math.PI * ((k * (n - j)) % (2 * n))) / n)
    }
  let current = values
  for (let axis = 0; axis < d; axis++) {
    const inner = nodes ** (d - 1 - axis) * d
    const next = new Float64Array(values.length)
    for (let outer = 0; outer < nodes ** axis; outer++)
      for (let k = 0; k < nodes; k++)
        for (let j = 0; j < nodes; j++) {
          const weight = matrix[k * nodes + j]
          const from = (outer * nodes + j) * inner
          const to = (outer * nodes + k) * inner
          for (let i = 0; i < inner; i++) next[to + i] += weight * current[from + i]
        }
    current = next
  }
  return current
}
