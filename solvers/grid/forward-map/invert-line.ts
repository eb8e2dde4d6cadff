import type { TensorSpline } from '../interpolation/tensor-spline.ts'
import type { Inverse } from './inverse.ts'

const TOLERANCE = 1e-8
const ITERATIONS = 60

/**
 * The inverse of a spline in one dimension: Newton's method inside the cell whose images enclose the point, with
 * bisection where a step would leave what is left of the cell.
 *
 * @param images ascending values at the nodes
 */
export function invertLine({ grid, evaluate }: TensorSpline, images: Float64Array): Inverse {
  const { nodes, low, spacing } = grid
  const z = new Float64Array(1)
  const value = new Float64Array(1)
  const slope = new Float64Array(1)
  return (y, start, out) => {
    const target = y[start]
    if (!(target >= images[0] && target <= images[nodes - 1])) return false
    let cell = 0
    for (let above = nodes - 1; above - cell > 1; ) {
      const middle = (cell + above) >> 1
      if (images[middle] <= target) cell = middle
      else above = middle
    }
    let left = low[0] + cell * spacing[0]
    let right = left + spacing[0]
    z[0] = left + (spacing[0] * (target - images[cell])) / (images[cell + 1] - images[cell])
    for (let k = 0; k < ITERATIONS; k++) {
      evaluate(z, 0, value, slope)
      const residual = value[0] - target
      if (residual > 0) right = z[0]
      else left = z[0]
      let next = z[0] - residual / slope[0]
      if (!(next >= left && next <= right)) next = (left + right) / 2
      const change = Math.abs(next - z[0])
      z[0] = next
      // quadratic convergence: the error left is about the square of the last step
      if (change <= TOLERANCE) {
        if (!(slope[0] > 0)) return false
        out[start] = next
        return true
      }
    }
    return false
  }
}
