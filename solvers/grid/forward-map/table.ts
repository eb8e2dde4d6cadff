import type { Flow } from '../../characteristics/flow.ts'
import { quintic } from '../interpolation/basis.ts'
import { tensorSpline } from '../interpolation/tensor-spline.ts'
import { nodeCoordinates, type UniformGrid } from '../uniform-grid.ts'
import { invertPlaneOrSpace } from './invert.ts'
import { invertLine } from './invert-line.ts'

/** The forward map y(0) ↦ y(θ) on a grid, and its inverse. */
export interface Table {
  /** [nodes^d, d] the images of the nodes */
  readonly images: Float64Array
  /** Replaces the rows of y, positions at θ, by their starts at θ = 0. Returns how many had to be traced back one by one. */
  invert(y: Float64Array): number
}

/** Numbers a node that a table keeps: images, coefficients, node positions, inverse Jacobians, buckets. */
export function tableNumbers(dimension: number): number {
  return 4 * dimension + dimension ** 2 + 2 ** (dimension - 1)
}

/**
 * Carries the nodes of a grid from 0 to θ, interpolates their images by a quintic spline and inverts it by Newton's
 * method (docs/mathematics.md §2, the forward-map grid). Points where that fails, or outside the images, are carried
 * back along their own characteristics.
 */
export function forwardTable(carrier: Flow, grid: UniformGrid, theta: number): Table {
  const { dimension: d } = grid
  const images = carrier.carry(Float64Array.of(0, theta), nodeCoordinates(grid))[1] as Float64Array
  const spline = tensorSpline(grid, images, quintic)
  const inverse = d === 1 ? invertLine(spline, images) : invertPlaneOrSpace(spline, images)
  return {
    images,
    invert(y) {
      const failed: number[] = []
      for (let row = 0; row < y.length; row += d) if (!inverse(y, row, y)) failed.push(row)
      if (failed.length === 0) return 0
      const rows = new Float64Array(failed.length * d)
      for (const [k, row] of failed.entries()) rows.set(y.subarray(row, row + d), k * d)
      const starts = carrier.carry(Float64Array.of(theta, 0), rows)[1] as Float64Array
      for (const [k, row] of failed.entries()) y.set(starts.subarray(k * d, (k + 1) * d), row)
      return failed.length
    },
  }
}
