import type { UniformGrid } from '../uniform-grid.ts'
import type { Basis } from './basis.ts'
import { splineCoefficients, splineSolver } from './coefficients.ts'
import { type StencilSum, sumLine, sumPlane, sumSpace } from './stencil.ts'

/** A function R^d → R^d given by values on a tensor grid. */
export interface Field {
  /** The box of the grid. */
  readonly grid: { readonly dimension: number; readonly low: Float64Array; readonly high: Float64Array }
  /**
   * The value and, row-major by component, the Jacobian at the d coordinates y[start …]. Points outside the grid
   * are evaluated on the polynomial of the nearest cell.
   */
  evaluate(y: Float64Array, start: number, value: Float64Array, jacobian: Float64Array): void
}

/** Replaces the rows of y by the values of f there; outside its grid f continues linearly from the nearest point. */
export function evaluateExtended({ grid, evaluate }: Field, y: Float64Array): void {
  const { dimension: d, low, high } = grid
  const inside = new Float64Array(d)
  const value = new Float64Array(d)
  const jacobian = new Float64Array(d * d)
  for (let row = 0; row < y.length; row += d) {
    for (let i = 0; i < d; i++) inside[i] = Math.min(Math.max(y[row + i], low[i]), high[i])
    evaluate(inside, 0, value, jacobian)
    for (let i = 0; i < d; i++) {
      const beyond = y[row + i] - inside[i]
      if (beyond !== 0) for (let m = 0; m < d; m++) value[m] += jacobian[m * d + i] * beyond
    }
    y.set(value, row)
  }
}

/** A spline of R^d-valued node values on a uniform tensor grid. */
interface TensorSpline extends Field {
  readonly grid: UniformGrid
}

const sums: readonly StencilSum[] = [sumLine, sumPlane, sumSpace]

/**
 * Interpolates node values by a tensor spline, in 1 to 3 dimensions.
 *
 * @param values [nodes^d, d], the last axis fastest
 */
export function tensorSpline(grid: UniformGrid, values: Float64Array, basis: Basis): TensorSpline {
  return tensorSplines(grid, basis)(values)
}

/** `tensorSpline` for many values on one grid: the band matrix is factored once. */
export function tensorSplines(grid: UniformGrid, basis: Basis): (values: Float64Array) => TensorSpline {
  const solve = basis.degree === 1 ? undefined : splineSolver(basis, grid.nodes)
  return (values) =>
    withCoefficients(
      grid,
      basis,
      splineCoefficients(basis, values, grid.nodes, grid.dimension, grid.dimension, solve),
    )
}

function withCoefficients(grid: UniformGrid, basis: Basis, c: Float64Array): TensorSpline {
  const { dimension: d, nodes, low, spacing } = grid
  const span = basis.degree + 1
  const extended = nodes + basis.degree - 1
  const perUnit = spacing.map((h) => 1 / h)
  const strides = spacing.map((_, i) => extended ** (d - 1 - i) * d)
  const stencil = { values: new Float64Array(d * span), slopes: new Float64Array(d * span), span, extended }
  const sum = sums[d - 1]

  function evaluate(y: Float64Array, start: number, value: Float64Array, jacobian: Float64Array): void {
    const { values: B, slopes: D } = stencil
    let first = 0
    for (let i = 0; i < d; i++) {
      const x = (y[start + i] - low[i]) * perUnit[i]
      const cell = Math.min(Math.max(Math.floor(x), 0), nodes - 2)
      basis.values(x - cell, B, i * span)
      basis.derivatives(x - cell, D, i * span)
      for (let k = i * span; k < (i + 1) * span; k++) D[k] *= perUnit[i]
      first += cell * strides[i]
    }
    sum(c, first, stencil, value, jacobian)
  }

  return { grid, evaluate }
}
