import { TableKernel, tableKernelNumbers } from '../../../src/kernels/table.ts'
import { quintic } from '../../../src/numeric/interpolation/basis.ts'
import { splineCoefficients } from '../../../src/numeric/interpolation/coefficients.ts'
import type { UniformGrid } from '../../../src/numeric/uniform-grid.ts'

/**
 * Replaces the rows of y, n·d values, by the points of the grid's box whose images they are. Returns the starts of rows without one.
 * Not thorough: from the nearest node only.
 */
export type GridInverse = (y: Float64Array, thorough?: boolean) => number[]

/** Numbers a node that an inverse keeps or needs while it is made: images, coefficients twice, the kernel's own. */
export function inverseNumbers(dimension: number): number {
  return 3 * dimension + tableKernelNumbers(dimension)
}

/**
 * The inverse of the quintic spline through the images of the nodes, by Newton's method (docs/mathematics.md §2, the forward-map
 * grid). It starts from the node with the nearest image and that node's own inverse Jacobian; where that does not lead to
 * the point, as happens near a layer, other nodes are tried. The flow keeps orientation, so a determinant that is not positive
 * is a failure, as is a point outside the images.
 *
 * @param images [nodes^d, d]
 */
export function gridInverse(grid: UniformGrid, images: Float64Array): GridInverse {
  const { dimension, nodes, low, spacing } = grid
  const coefficients = splineCoefficients(quintic, images, nodes, dimension, dimension)
  const kernel = new TableKernel({ dimension, nodes, images, coefficients })
  return (y, thorough = true) => {
    const target = y.slice()
    const missed = kernel.invert(y) > 0 ? retry(kernel, y, target, dimension, thorough) : []
    for (let row = 0; row < y.length; row += dimension)
      for (let i = 0; i < dimension; i++) y[row + i] = low[i] + spacing[i] * y[row + i]
    for (const row of missed) for (let i = row; i < row + dimension; i++) y[i] = target[i]
    return missed
  }
}

/** Tries other starts for the rows that are NaN, and returns those for which none will do. */
function retry(
  kernel: TableKernel,
  y: Float64Array,
  target: Float64Array,
  d: number,
  thorough: boolean,
): number[] {
  const missed: number[] = []
  for (let row = 0; row < y.length; row += d) {
    if (!Number.isNaN(y[row])) continue
    for (let i = row; i < row + d; i++) y[i] = target[i]
    if (!thorough || !kernel.invertAround(y, row)) missed.push(row)
  }
  return missed
}
