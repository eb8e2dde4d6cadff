import { flow, toComoving } from '../../src/characteristics/probability-flow.ts'
import { drawNoised } from '../../src/metrics/carried-sample.ts'
import { cube, nodeCoordinates } from '../../src/numeric/uniform-grid.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import { invert } from './small-matrix.ts'

/** Nodes an axis of the grid that `steepest` carries, by dimension. */
const NODES = [801, 81, 25]

/** The largest slope of f on the grid, and what it cost to find. */
export interface Steepest {
  /** max |∂f/∂y| / c, or |∂f/∂ξ| / c (Frobenius norm), where the images lie within `extent`. */
  readonly slope: number
  readonly functionEvaluations: number
}

/**
 * The largest slope of f(θ, ·) within |y_i| ≤ extent. No Eulerian grid can tell it, because it shows a layer at most as
 * steep as a cell. The inverse of f has no layers (docs/mathematics.md §2): a coarse grid of starts is carried
 * to θ, and the inverse of the smallest stretching between neighbours is the slope.
 *
 * @param beta β of ξ = y + β f/c: where it is above 0, the slope is that by ξ, of nodes that move
 */
export function steepest(density: Density, theta: number, extent: number, beta = 0): Steepest {
  const d = density.dimension
  const nodes = NODES[d - 1] ?? 2
  const grid = cube(d, extent, nodes)
  const carrier = flow(density, { rtol: 1e-7, atol: 1e-7 })
  const images = carrier.carry(Float64Array.of(0, theta), nodeCoordinates(grid))[1] as Float64Array
  const jacobian = new Float64Array(d * d)
  const inverse = new Float64Array(d * d)
  const strides = Array.from({ length: d }, (_, i) => nodes ** (d - 1 - i))
  let slope = 0
  for (let node = 0; node < grid.size; node++) {
    if (strides.some((stride) => Math.floor(node / stride) % nodes === nodes - 1)) continue
    let inside = true
    for (let m = 0; m < d; m++) {
      inside &&= Math.abs(images[node * d + m]) <= extent
      for (let i = 0; i < d; i++)
        jacobian[m * d + i] = (images[(node + strides[i]) * d + m] - images[node * d + m]) / grid.spacing[i]
    }
    for (let m = 0; m < d; m++) jacobian[m * d + m] += beta
    if (!inside || !(invert(jacobian, d, inverse) > 0)) continue
    slope = Math.max(slope, Math.hypot(...inverse))
  }
  return { slope, functionEvaluations: carrier.functionEvaluations }
}

const SAMPLES = 4096
const LEVELS = 9
const SMALLEST = 5
const MARGIN = 1.1

/**
 * The largest |y_i| (`box`) and |y| (`ball`) of 4096 points drawn from p_t at each of nine angles up to that of `time`,
 * with a margin and at least 5: within these lie all points that are not rare.
 */
export function extent(density: Density, time: number): { box: number; ball: number } {
  const { dimension: d, moments } = density
  const random = Random.stream(0, 'the extent of a grid')
  const end = Math.atan2(time, moments.scale)
  let box = 0
  let ball = 0
  for (let level = 0; level < LEVELS; level++) {
    const t = level === LEVELS - 1 ? time : moments.scale * Math.tan((end * level) / (LEVELS - 1))
    const y = drawNoised(density, t, SAMPLES, random)
    toComoving(density, t, y, y)
    for (let row = 0; row < y.length; row += d) {
      let squares = 0
      for (let i = row; i < row + d; i++) {
        box = Math.max(box, Math.abs(y[i]))
        squares += y[i] * y[i]
      }
      ball = Math.max(ball, Math.sqrt(squares))
    }
  }
  return { box: Math.max(SMALLEST, MARGIN * box), ball: Math.max(SMALLEST, MARGIN * ball) }
}
