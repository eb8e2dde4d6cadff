import { basis } from './basis'
// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { at, cellOf, clamp, DOUBTS, ITERATIONS, REACH, Table } from './layout'

// relative to a cell; quadratic convergence: the error left is about the square of the last step
const TOLERANCE: f64 = 1e-5
/** Where `plane` puts its results, behind the B-splines. */
const VALUE: usize = 384

function plus(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b))
}

/** Φ(u, v), ∂Φ/∂u and ∂Φ/∂v, a pair of components each, into three pairs of the scratch. */
export function plane(table: Table, u: f64, v: f64): void {
  const scratch = table.scratch
  const first = cellOf(u, table.nodes)
  const second = cellOf(v, table.nodes)
  basis(f64x2.replace_lane(f64x2.splat(u - first), 1, v - second), scratch)
  const row = (<usize>table.extended) << 4
  let c = table.coefficients + <usize>(<i32>first) * row + ((<usize>(<i32>second)) << 4)
  const w0 = v128.load_splat<f64>(scratch, 8)
  const w1 = v128.load_splat<f64>(scratch, 24)
  const w2 = v128.load_splat<f64>(scratch, 40)
  const w3 = v128.load_splat<f64>(scratch, 56)
  const w4 = v128.load_splat<f64>(scratch, 72)
  const w5 = v128.load_splat<f64>(scratch, 88)
  const d0 = v128.load_splat<f64>(scratch, 104)
  const d1 = v128.load_splat<f64>(scratch, 120)
  const d2 = v128.load_splat<f64>(scratch, 136)
  const d3 = v128.load_splat<f64>(scratch, 152)
  const d4 = v128.load_splat<f64>(scratch, 168)
  const d5 = v128.load_splat<f64>(scratch, 184)
  let value = f64x2.splat(0)
  let alongU = value
  let alongV = value
  for (let i: usize = 0; i < 6; i++, c += row) {
    const c0 = v128.load(c)
    let sum = f64x2.mul(c0, w0)
    let slope = f64x2.mul(c0, d0)
    const c1 = v128.load(c, 16)
    sum = plus(sum, c1, w1)
    slope = plus(slope, c1, d1)
    const c2 = v128.load(c, 32)
    sum = plus(sum, c2, w2)
    slope = plus(slope, c2, d2)
    const c3 = v128.load(c, 48)
    sum = plus(sum, c3, w3)
    slope = plus(slope, c3, d3)
    const c4 = v128.load(c, 64)
    sum = plus(sum, c4, w4)
    slope = plus(slope, c4, d4)
    const c5 = v128.load(c, 80)
    sum = plus(sum, c5, w5)
    slope = plus(slope, c5, d5)
    const weight = v128.load_splat<f64>(scratch + (i << 4))
    value = plus(value, weight, sum)
    alongU = plus(alongU, v128.load_splat<f64>(scratch + (i << 4), 96), sum)
    alongV = plus(alongV, weight, slope)
  }
  v128.store(scratch, value, VALUE)
  v128.store(scratch, alongU, VALUE + 16)
  v128.store(scratch, alongV, VALUE + 32)
}

/** Inverts ∂Φ/∂(u, v) as `plane` left it into the four numbers at `to`; returns its determinant. */
export function invertPlaneSlope(table: Table, to: usize): f64 {
  const from = table.scratch + VALUE
  const a = load<f64>(from, 16)
  const c = load<f64>(from, 24)
  const b = load<f64>(from, 32)
  const d = load<f64>(from, 40)
  const determinant = a * d - b * c
  const factor = 1 / determinant
  store<f64>(to, factor * d)
  store<f64>(to, -factor * b, 8)
  store<f64>(to, -factor * c, 16)
  store<f64>(to, factor * a, 24)
  return determinant
}

/** Newton's method for Φ(u) = y, y and u two numbers in memory, from a node. Returns whether it arrived. */
export function newtonPlane(table: Table, node: i32, y: usize, out: usize): bool {
  const nodes = table.nodes
  const last = <f64>(nodes - 1)
  const from = table.scratch + VALUE
  const y0 = load<f64>(y)
  const y1 = load<f64>(y, 8)
  let u = <f64>(node / nodes)
  let v = <f64>(node % nodes)
  let m = table.inverses + ((<usize>node) << 5)
  let r0 = at(table.images, 2 * node) - y0
  let r1 = at(table.images, 2 * node + 1) - y1
  let doubts = 0
  for (let i = 0; i <= ITERATIONS; i++) {
    const s0 = load<f64>(m) * r0 + load<f64>(m, 8) * r1
    const s1 = load<f64>(m, 16) * r0 + load<f64>(m, 24) * r1
    const length = max(abs(s0), abs(s1))
    // the negation takes NaN too
    const factor = !(length <= REACH) ? REACH / length : 1
    u = clamp(u - factor * s0, nodes)
    v = clamp(v - factor * s1, nodes)
    if (i > 0) {
      const positive = table.determinant > 0
      if (length <= TOLERANCE) {
        store<f64>(out, u)
        store<f64>(out, v, 8)
        return positive
      }
      const edge = u === 0 || v === 0 || u === last || v === last
      if ((!positive || edge) && ++doubts > DOUBTS) return false
      if (!(length < Infinity)) return false
    }
    plane(table, u, v)
    m = table.scratch + VALUE + 48
    table.determinant = invertPlaneSlope(table, m)
    r0 = load<f64>(from) - y0
    r1 = load<f64>(from, 8) - y1
  }
  return false
}
