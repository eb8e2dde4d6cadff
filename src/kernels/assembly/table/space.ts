import { basis } from './basis'
// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { at, cellOf, clamp, DOUBTS, ITERATIONS, REACH, Table } from './layout'

// relative to a cell; quadratic convergence: the error left is about the square of the last step
const TOLERANCE: f64 = 1e-5
/** Where `space` puts its results, behind the B-splines of three coordinates. */
const VALUE: usize = 384

function plus(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b))
}

/** Φ(u, v, w) and its derivatives by u, v and w, four components each of which the last is 0, into the scratch. */
export function space(table: Table, u: f64, v: f64, w: f64): void {
  const scratch = table.scratch
  const first = cellOf(u, table.nodes)
  const second = cellOf(v, table.nodes)
  const third = cellOf(w, table.nodes)
  basis(f64x2.replace_lane(f64x2.splat(u - first), 1, v - second), scratch)
  basis(f64x2.splat(w - third), scratch + 192)
  const extended = <usize>table.extended
  const row = extended << 5
  let plane =
    table.coefficients +
    ((<usize>(<i32>first) * extended + <usize>(<i32>second)) * row + ((<usize>(<i32>third)) << 5))
  const w0 = v128.load(scratch, 192)
  const w1 = v128.load(scratch, 208)
  const w2 = v128.load(scratch, 224)
  const w3 = v128.load(scratch, 240)
  const w4 = v128.load(scratch, 256)
  const w5 = v128.load(scratch, 272)
  const d0 = v128.load(scratch, 288)
  const d1 = v128.load(scratch, 304)
  const d2 = v128.load(scratch, 320)
  const d3 = v128.load(scratch, 336)
  const d4 = v128.load(scratch, 352)
  const d5 = v128.load(scratch, 368)
  let value = f64x2.splat(0)
  let valueZ = value
  let alongU = value
  let alongUZ = value
  let alongV = value
  let alongVZ = value
  let alongW = value
  let alongWZ = value
  for (let i: usize = 0; i < 6; i++, plane += extended * row) {
    let sum = f64x2.splat(0)
    let sumZ = sum
    let sumV = sum
    let sumVZ = sum
    let sumW = sum
    let sumWZ = sum
    let c = plane
    for (let j: usize = 0; j < 6; j++, c += row) {
      const c0 = v128.load(c)
      const z0 = v128.load(c, 16)
      let lineSum = f64x2.mul(c0, w0)
      let lineSumZ = f64x2.mul(z0, w0)
      let slope = f64x2.mul(c0, d0)
      let slopeZ = f64x2.mul(z0, d0)
      const c1 = v128.load(c, 32)
      const z1 = v128.load(c, 48)
      lineSum = plus(lineSum, c1, w1)
      lineSumZ = plus(lineSumZ, z1, w1)
      slope = plus(slope, c1, d1)
      slopeZ = plus(slopeZ, z1, d1)
      const c2 = v128.load(c, 64)
      const z2 = v128.load(c, 80)
      lineSum = plus(lineSum, c2, w2)
      lineSumZ = plus(lineSumZ, z2, w2)
      slope = plus(slope, c2, d2)
      slopeZ = plus(slopeZ, z2, d2)
      const c3 = v128.load(c, 96)
      const z3 = v128.load(c, 112)
      lineSum = plus(lineSum, c3, w3)
      lineSumZ = plus(lineSumZ, z3, w3)
      slope = plus(slope, c3, d3)
      slopeZ = plus(slopeZ, z3, d3)
      const c4 = v128.load(c, 128)
      const z4 = v128.load(c, 144)
      lineSum = plus(lineSum, c4, w4)
      lineSumZ = plus(lineSumZ, z4, w4)
      slope = plus(slope, c4, d4)
      slopeZ = plus(slopeZ, z4, d4)
      const c5 = v128.load(c, 160)
      const z5 = v128.load(c, 176)
      lineSum = plus(lineSum, c5, w5)
      lineSumZ = plus(lineSumZ, z5, w5)
      slope = plus(slope, c5, d5)
      slopeZ = plus(slopeZ, z5, d5)
      const weight = v128.load_splat<f64>(scratch + (j << 4), 8)
      const steep = v128.load_splat<f64>(scratch + (j << 4), 104)
      sum = plus(sum, weight, lineSum)
      sumZ = plus(sumZ, weight, lineSumZ)
      sumV = plus(sumV, steep, lineSum)
      sumVZ = plus(sumVZ, steep, lineSumZ)
      sumW = plus(sumW, weight, slope)
      sumWZ = plus(sumWZ, weight, slopeZ)
    }
    const weight = v128.load_splat<f64>(scratch + (i << 4))
    const steep = v128.load_splat<f64>(scratch + (i << 4), 96)
    value = plus(value, weight, sum)
    valueZ = plus(valueZ, weight, sumZ)
    alongU = plus(alongU, steep, sum)
    alongUZ = plus(alongUZ, steep, sumZ)
    alongV = plus(alongV, weight, sumV)
    alongVZ = plus(alongVZ, weight, sumVZ)
    alongW = plus(alongW, weight, sumW)
    alongWZ = plus(alongWZ, weight, sumWZ)
  }
  v128.store(scratch, value, VALUE)
  v128.store(scratch, valueZ, VALUE + 16)
  v128.store(scratch, alongU, VALUE + 32)
  v128.store(scratch, alongUZ, VALUE + 48)
  v128.store(scratch, alongV, VALUE + 64)
  v128.store(scratch, alongVZ, VALUE + 80)
  v128.store(scratch, alongW, VALUE + 96)
  v128.store(scratch, alongWZ, VALUE + 112)
}

/** Inverts ∂Φ/∂(u, v, w) as `space` left it into the nine numbers at `to`; returns its determinant. */
export function invertSpaceSlope(table: Table, to: usize): f64 {
  const from = table.scratch + VALUE
  // row i of the matrix is component i, column j the derivative by coordinate j
  const a0 = load<f64>(from, 32)
  const a1 = load<f64>(from, 64)
  const a2 = load<f64>(from, 96)
  const a3 = load<f64>(from, 40)
  const a4 = load<f64>(from, 72)
  const a5 = load<f64>(from, 104)
  const a6 = load<f64>(from, 48)
  const a7 = load<f64>(from, 80)
  const a8 = load<f64>(from, 112)
  const c0 = a4 * a8 - a5 * a7
  const c1 = a5 * a6 - a3 * a8
  const c2 = a3 * a7 - a4 * a6
  const determinant = a0 * c0 + a1 * c1 + a2 * c2
  const factor = 1 / determinant
  store<f64>(to, factor * c0)
  store<f64>(to, factor * (a2 * a7 - a1 * a8), 8)
  store<f64>(to, factor * (a1 * a5 - a2 * a4), 16)
  store<f64>(to, factor * c1, 24)
  store<f64>(to, factor * (a0 * a8 - a2 * a6), 32)
  store<f64>(to, factor * (a2 * a3 - a0 * a5), 40)
  store<f64>(to, factor * c2, 48)
  store<f64>(to, factor * (a1 * a6 - a0 * a7), 56)
  store<f64>(to, factor * (a0 * a4 - a1 * a3), 64)
  return determinant
}

/** Newton's method for Φ(u) = y, y and u three numbers in memory, from a node. Returns whether it arrived. */
export function newtonSpace(table: Table, node: i32, y: usize, out: usize): bool {
  const nodes = table.nodes
  const last = <f64>(nodes - 1)
  const from = table.scratch + VALUE
  const y0 = load<f64>(y)
  const y1 = load<f64>(y, 8)
  const y2 = load<f64>(y, 16)
  let u = <f64>(node / (nodes * nodes))
  let v = <f64>((node / nodes) % nodes)
  let w = <f64>(node % nodes)
  let m = table.inverses + <usize>node * 72
  let r0 = at(table.images, 3 * node) - y0
  let r1 = at(table.images, 3 * node + 1) - y1
  let r2 = at(table.images, 3 * node + 2) - y2
  let doubts = 0
  for (let i = 0; i <= ITERATIONS; i++) {
    const s0 = load<f64>(m) * r0 + load<f64>(m, 8) * r1 + load<f64>(m, 16) * r2
    const s1 = load<f64>(m, 24) * r0 + load<f64>(m, 32) * r1 + load<f64>(m, 40) * r2
    const s2 = load<f64>(m, 48) * r0 + load<f64>(m, 56) * r1 + load<f64>(m, 64) * r2
    const length = max(max(abs(s0), abs(s1)), abs(s2))
    // the negation takes NaN too
    const factor = !(length <= REACH) ? REACH / length : 1
    u = clamp(u - factor * s0, nodes)
    v = clamp(v - factor * s1, nodes)
    w = clamp(w - factor * s2, nodes)
    if (i > 0) {
      const positive = table.determinant > 0
      if (length <= TOLERANCE) {
        store<f64>(out, u)
        store<f64>(out, v, 8)
        store<f64>(out, w, 16)
        return positive
      }
      const edge = u === 0 || v === 0 || w === 0 || u === last || v === last || w === last
      if ((!positive || edge) && ++doubts > DOUBTS) return false
      if (!(length < Infinity)) return false
    }
    space(table, u, v, w)
    m = table.scratch + VALUE + 128
    table.determinant = invertSpaceSlope(table, m)
    r0 = load<f64>(from) - y0
    r1 = load<f64>(from, 8) - y1
    r2 = load<f64>(from, 16) - y2
  }
  return false
}
