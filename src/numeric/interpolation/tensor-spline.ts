import type { UniformGrid } from '../uniform-grid.ts'
import { type Basis, splineCoefficients, splineSolver } from './splines.ts'

/** The B-splines around one point: what `tensorSpline` hands to the sum over the coefficients of its dimension. */
interface Stencil {
  /** [d, span] the B-splines of every axis that do not vanish at the point */
  readonly values: Float64Array
  /** [d, span] their derivatives by y */
  readonly slopes: Float64Array
  readonly span: number
  /** Coefficients an axis. */
  readonly extended: number
}

/**
 * Sums the coefficients c from index `first` on: the value into value[d], and the Jacobian, row-major by component,
 * into jacobian[d·d]. One function a dimension, because the sums are unrolled over components.
 */
export type StencilSum = (
  c: Float64Array,
  first: number,
  stencil: Stencil,
  value: Float64Array,
  jacobian: Float64Array,
) => void

export const sumLine: StencilSum = (c, first, { values, slopes, span }, value, jacobian) => {
  let f = 0
  let fx = 0
  for (let k = 0; k < span; k++) {
    f += values[k] * c[first + k]
    fx += slopes[k] * c[first + k]
  }
  value[0] = f
  jacobian[0] = fx
}

export const sumPlane: StencilSum = (c, first, { values, slopes, span, extended }, value, jacobian) => {
  let f = 0
  let fx = 0
  let fy = 0
  let g = 0
  let gx = 0
  let gy = 0
  for (let a = 0; a < span; a++) {
    let j = first + a * extended * 2
    let fs = 0
    let fd = 0
    let gs = 0
    let gd = 0
    for (let k = span; k < 2 * span; k++, j += 2) {
      const weight = values[k]
      const slope = slopes[k]
      fs += weight * c[j]
      fd += slope * c[j]
      gs += weight * c[j + 1]
      gd += slope * c[j + 1]
    }
    const weight = values[a]
    const slope = slopes[a]
    f += weight * fs
    fx += slope * fs
    fy += weight * fd
    g += weight * gs
    gx += slope * gs
    gy += weight * gd
  }
  value[0] = f
  value[1] = g
  jacobian[0] = fx
  jacobian[1] = fy
  jacobian[2] = gx
  jacobian[3] = gy
}

export const sumSpace: StencilSum = (c, first, { values, slopes, span, extended }, value, jacobian) => {
  value.fill(0)
  jacobian.fill(0)
  for (let a = 0; a < span; a++)
    for (let b = 0; b < span; b++) {
      let j = first + (a * extended + b) * extended * 3
      let fs = 0
      let fd = 0
      let gs = 0
      let gd = 0
      let hs = 0
      let hd = 0
      for (let k = 2 * span; k < 3 * span; k++, j += 3) {
        const weight = values[k]
        const slope = slopes[k]
        fs += weight * c[j]
        fd += slope * c[j]
        gs += weight * c[j + 1]
        gd += slope * c[j + 1]
        hs += weight * c[j + 2]
        hd += slope * c[j + 2]
      }
      const weight = values[a] * values[span + b]
      const weightX = slopes[a] * values[span + b]
      const weightY = values[a] * slopes[span + b]
      value[0] += weight * fs
      jacobian[0] += weightX * fs
      jacobian[1] += weightY * fs
      jacobian[2] += weight * fd
      value[1] += weight * gs
      jacobian[3] += weightX * gs
      jacobian[4] += weightY * gs
      jacobian[5] += weight * gd
      value[2] += weight * hs
      jacobian[6] += weightX * hs
      jacobian[7] += weightY * hs
      jacobian[8] += weight * hd
    }
}

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
