import type { TensorSpline } from '../interpolation/tensor-spline.ts'
import { invert } from '../small-matrix.ts'
import { nodeCoordinates } from '../uniform-grid.ts'
import type { Inverse } from './inverse.ts'
import { nearestImage } from './nearest.ts'

const TOLERANCE = 1e-7
const ITERATIONS = 20
/** Longest step of an iteration, in cells. */
const REACH = 2
/** Iterations at the edge of the table, or where the spline folds, after which a start is given up. */
const DOUBTS = 3
/** Starts tried when the first did not lead to the point. */
const STARTS = 12

/**
 * The inverse of a spline in two or three dimensions by Newton's method. It starts from the node with the nearest
 * image and that node's own inverse Jacobian, and its steps are at most two cells long; near a layer, where a bucket
 * holds points of two modes, other nodes are tried. The flow keeps orientation, so a determinant that is not positive
 * is a failure, as is a point outside the table.
 */
export function invertPlaneOrSpace(spline: TensorSpline, images: Float64Array): Inverse {
  const { grid, evaluate } = spline
  const { dimension: d, size, low, high, spacing } = grid
  const nodes = nodeCoordinates(grid)
  const value = new Float64Array(d)
  const jacobian = new Float64Array(d * d)
  const inverse = new Float64Array(d * d)
  const z = new Float64Array(d)
  const step = new Float64Array(d)
  const nodeInverses = new Float64Array(size * d * d)
  for (let node = 0; node < size; node++) {
    evaluate(nodes, node * d, value, jacobian)
    invert(jacobian, d, inverse)
    nodeInverses.set(inverse, node * d * d)
  }
  const nearest = nearestImage(images, nodeInverses, grid)

  /** z ← z − M (from − y), at most REACH cells and within the table. Returns the length of the whole step. */
  function move(
    matrix: Float64Array,
    offset: number,
    from: Float64Array,
    at: number,
    y: Float64Array,
    start: number,
  ) {
    let cells = REACH
    let length = 0
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let m = 0; m < d; m++) sum += matrix[offset + i * d + m] * (from[at + m] - y[start + m])
      step[i] = sum
      const size = Math.abs(sum)
      // the negation lets NaN through
      if (!(size <= length)) length = size
      if (size > cells * spacing[i]) cells = size / spacing[i]
    }
    const factor = REACH / cells
    for (let i = 0; i < d; i++) {
      const next = z[i] - factor * step[i]
      z[i] = Math.min(Math.max(next, low[i]), high[i])
    }
    return length
  }

  function onEdge(): boolean {
    for (let i = 0; i < d; i++) if (z[i] === low[i] || z[i] === high[i]) return true
    return false
  }

  function newton(node: number, y: Float64Array, start: number, out: Float64Array): boolean {
    for (let i = 0; i < d; i++) z[i] = nodes[node * d + i]
    move(nodeInverses, node * d * d, images, node * d, y, start)
    let doubts = 0
    for (let k = 0; k < ITERATIONS; k++) {
      evaluate(z, 0, value, jacobian)
      const determinant = invert(jacobian, d, inverse)
      const length = move(inverse, 0, value, 0, y, start)
      // quadratic convergence: the error left is about the square of the last step
      if (length <= TOLERANCE) {
        if (!(determinant > 0)) return false
        for (let i = 0; i < d; i++) out[start + i] = z[i]
        return true
      }
      if ((!(determinant > 0) || onEdge()) && ++doubts > DOUBTS) return false
    }
    return false
  }

  return (y, start, out) => {
    const first = nearest.first(y, start)
    if (newton(first, y, start, out)) return true
    for (const node of nearest.around(y, start).slice(0, STARTS))
      if (node !== first && newton(node, y, start, out)) return true
    return false
  }
}
