import { basis } from './basis'
// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { at, ITERATIONS, Table } from './layout'

// relative to a cell; quadratic convergence: the error left is about the square of the last step
const TOLERANCE: f64 = 1e-6

/** Φ(u) and Φ'(u) on a cell, as lanes. */
export function line(table: Table, cell: i32, u: f64): v128 {
  const scratch = table.scratch
  basis(f64x2.splat(u - <f64>cell), scratch)
  const c = table.coefficients + ((<usize>cell) << 3)
  let sum = f64x2.splat(0)
  for (let i: usize = 0; i < 6; i++) {
    const weights = v128.load_lane<f64>(scratch + 96 + (i << 4), v128.load_zero<f64>(scratch + (i << 4)), 1)
    sum = f64x2.add(sum, f64x2.mul(v128.load_splat<f64>(c + (i << 3)), weights))
  }
  return sum
}

/**
 * The u with Φ(u) = y, NaN when there is none: Newton's method inside the cell whose images enclose y, with bisection where a
 * step would leave what is left of the cell. Starts from the cubic through the images and inverse slopes of both ends.
 */
export function invertLine(table: Table, y: f64): f64 {
  const images = table.images
  const last = table.nodes - 1
  if (!(y >= at(images, 0) && y <= at(images, last))) return NaN
  const bucket = min(<i32>((y - table.low0) * table.perUnit0), table.across - 1)
  let cell = load<i32>(table.buckets + ((<usize>bucket) << 2))
  // buckets hold the cell before that of their left end
  let above = min(load<i32>(table.buckets + ((<usize>bucket) << 2), 4) + 2, last)
  while (above - cell > 1) {
    const middle = (cell + above) >> 1
    if (at(images, middle) <= y) cell = middle
    else above = middle
  }
  const width = at(images, cell + 1) - at(images, cell)
  const share = (y - at(images, cell)) / width
  const rest = 1 - share
  let left = <f64>cell
  let right = left + 1
  const first = at(table.inverses, cell) * width
  const second = at(table.inverses, cell + 1) * width
  let u = left + share * share * (3 - 2 * share) + share * rest * (first * rest - second * share)
  if (!(u >= left && u <= right)) u = left + share
  for (let i = 0; i < ITERATIONS * 3; i++) {
    const both = line(table, cell, u)
    const residual = f64x2.extract_lane(both, 0) - y
    const slope = f64x2.extract_lane(both, 1)
    if (residual > 0) right = u
    else left = u
    let next = u - residual / slope
    if (!(next >= left && next <= right)) next = (left + right) / 2
    const change = abs(next - u)
    u = next
    if (change <= TOLERANCE) return slope > 0 ? u : NaN
  }
  return NaN
}
