// The weights of a level: W(ξ) = Σ_k exp(−|c_k − ξ|²/2v₁), from the centres or from a level of less blur (docs/mathematics.md §1.8).

import { Lanes } from '../exponential'
// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { Tree } from '../gauss-tree/tree'
// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { axisOf, BLUR, Grid, LINE, NODES, ORIGIN, SPACING } from './level'

/** Adds all centres to the weights of a level, each to the nodes within `radius` spacings of it. */
export function blurCentres(grid: Grid, level: usize, radius: i32): void {
  const tree = changetype<Tree>(grid.tree)
  const absent = 3 - grid.dimension
  const h = load<f64>(level + SPACING)
  const variance = load<f64>(level + BLUR)
  const n1 = <i32>axisOf(level, NODES, 1)
  const n2 = <i32>axisOf(level, NODES, 2)
  const weights = <usize>load<f64>(level)
  const first = grid.scratch + 6 * LINE
  const square = radius * radius
  for (let k: usize = 0; k < tree.bytes; k += 8) {
    let inside = true
    for (let axis = 0; axis < 3; axis++) {
      const e = grid.scratch + <usize>axis * LINE
      let node: i32 = 0
      if (axis < absent) store<f64>(e, 1)
      else {
        const from =
          load<f64>(tree.centres + <usize>(axis - absent) * tree.bytes + k) - axisOf(level, ORIGIN, axis)
        const n = axisOf(level, NODES, axis)
        const nearest = Math.floor(from / h + 0.5)
        // what fills up a pair of centres is far away
        if (!(nearest < n)) {
          inside = false
          break
        }
        node = <i32>nearest
        const low = max(node - radius, 0)
        const high = min(node + radius, <i32>n - 1)
        exponentials(e, <f64>low * h - from, h, high - low + 1, variance)
      }
      store<i32>(first + ((<usize>axis) << 2), node)
    }
    if (!inside) continue
    const node0 = load<i32>(first)
    const node1 = load<i32>(first + 4)
    const node2 = load<i32>(first + 8)
    const from0 = max(node0 - radius, 0)
    const from1 = max(node1 - radius, 0)
    const from2 = max(node2 - radius, 0)
    const to0 = min(node0 + radius, <i32>axisOf(level, NODES, 0) - 1)
    const to1 = min(node1 + radius, n1 - 1)
    const to2 = min(node2 + radius, n2 - 1)
    for (let a = from0; a <= to0; a++) {
      const left0 = square - (a - node0) * (a - node0)
      const half0 = <i32>load<u8>(grid.roots + <usize>left0)
      const end = min(node1 + half0, to1)
      const ea = load<f64>(grid.scratch + ((<usize>(a - from0)) << 3))
      for (let b = max(node1 - half0, from1); b <= end; b++) {
        const half = <i32>load<u8>(grid.roots + <usize>(left0 - (b - node1) * (b - node1)))
        const start = max(node2 - half, from2)
        const stop = min(node2 + half, to2)
        const factor = ea * load<f64>(grid.scratch + LINE + ((<usize>(b - from1)) << 3))
        addRow(
          weights + ((<usize>((a * n1 + b) * n2 + start)) << 3),
          grid.scratch + 2 * LINE + ((<usize>(start - from2)) << 3),
          stop - start + 1,
          factor,
        )
      }
    }
  }
}

/** e = exp(−δ²/2v) for δ = from, from + h, …, and one more where their count is odd. */
function exponentials(e: usize, from: f64, h: f64, count: i32, variance: f64): void {
  const rate = f64x2.splat(-0.5 / variance)
  let index = f64x2.replace_lane(f64x2.splat(0), 1, 1)
  const two = f64x2.splat(2)
  const start = f64x2.splat(from)
  const spacing = f64x2.splat(h)
  for (let place = e; place < e + ((<usize>count) << 3); place += 16) {
    const offset = f64x2.add(start, f64x2.mul(index, spacing))
    v128.store(place, Lanes.exponential(f64x2.mul(rate, f64x2.mul(offset, offset))))
    index = f64x2.add(index, two)
  }
}

function addRow(to: usize, from: usize, count: i32, factor: f64): void {
  const lanes = f64x2.splat(factor)
  let at: usize = 0
  for (const last = ((<usize>count) << 3) & ~15; at < last; at += 16)
    v128.store(to + at, f64x2.add(v128.load(to + at), f64x2.mul(lanes, v128.load(from + at))))
  if (count & 1) store<f64>(to + at, load<f64>(to + at) + factor * load<f64>(from + at))
}

/**
 * A banded matrix along one axis: to[o][j][i] = Σ_t taps[j][t] from[o][firsts[j] + t][i].
 *
 * from: [outer][n][inner]; to: [outer][m][inner]; taps: [m][count] doubles; firsts: [m] i32
 */
export function resample(
  from: usize,
  to: usize,
  outer: i32,
  n: i32,
  m: i32,
  inner: i32,
  taps: usize,
  firsts: usize,
  count: i32,
): void {
  const bytes = (<usize>inner) << 3
  const line = (<usize>count) << 3
  for (let o: usize = 0; o < <usize>outer; o++) {
    const source = from + o * <usize>n * bytes
    const target = to + o * <usize>m * bytes
    if (inner === 1) {
      for (let j: usize = 0; j < <usize>m; j++) {
        const first = <usize>load<i32>(firsts + (j << 2))
        store<f64>(target + (j << 3), dot(source + (first << 3), taps + j * line, count))
      }
      continue
    }
    // eight columns at a time, the last of them once more with those before where they are fewer
    for (let column: usize = 0; column < bytes; column += 64) {
      const start = column + 64 > bytes ? bytes - 64 : column
      for (let j: usize = 0; j < <usize>m; j++) {
        const place = source + <usize>load<i32>(firsts + (j << 2)) * bytes + start
        columns(place, target + j * bytes + start, bytes, taps + j * line, count)
      }
    }
  }
}

/** Sums of eight columns, `bytes` from one row to the next. */
function columns(from: usize, to: usize, bytes: usize, taps: usize, count: i32): void {
  let a = f64x2.splat(0)
  let b = f64x2.splat(0)
  let c = f64x2.splat(0)
  let d = f64x2.splat(0)
  for (let t: usize = 0; t < <usize>count; t++) {
    const tap = v128.load_splat<f64>(taps + (t << 3))
    a = f64x2.add(a, f64x2.mul(tap, v128.load(from)))
    b = f64x2.add(b, f64x2.mul(tap, v128.load(from, 16)))
    c = f64x2.add(c, f64x2.mul(tap, v128.load(from, 32)))
    d = f64x2.add(d, f64x2.mul(tap, v128.load(from, 48)))
    from += bytes
  }
  v128.store(to, a)
  v128.store(to, b, 16)
  v128.store(to, c, 32)
  v128.store(to, d, 48)
}

function dot(a: usize, b: usize, count: i32): f64 {
  let even = f64x2.splat(0)
  let odd = f64x2.splat(0)
  let at: usize = 0
  for (const last = ((<usize>count) << 3) & ~31; at < last; at += 32) {
    even = f64x2.add(even, f64x2.mul(v128.load(a + at), v128.load(b + at)))
    odd = f64x2.add(odd, f64x2.mul(v128.load(a + at, 16), v128.load(b + at, 16)))
  }
  even = f64x2.add(even, odd)
  let sum = f64x2.extract_lane(even, 0) + f64x2.extract_lane(even, 1)
  for (; at < (<usize>count) << 3; at += 8) sum += load<f64>(a + at) * load<f64>(b + at)
  return sum
}
