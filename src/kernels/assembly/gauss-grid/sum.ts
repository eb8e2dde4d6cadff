// Sums of Gaussians over many centres in 1 to 3 dimensions, by centres that are blurred onto a grid beforehand
// (docs/mathematics.md §1.8).

import { Lanes } from '../exponential'
import { respondTree } from '../gauss-tree/search'
// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { Tree } from '../gauss-tree/tree'
// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import {
  axisOf,
  BLUR,
  Grid,
  HIGHEST,
  LEVEL,
  LINE,
  LOWEST,
  MOST,
  NODES,
  ORIGIN,
  REACH,
  SPACING,
  TABLE,
} from './level'

/** Nodes are left out that together add less than e^−31 = 3e-14 of the sum; two more for its lower bound by one node. */
const TRUNCATION: f64 = 33
/**
 * As `respondTree`, but that the squared distance to which the sum of exp(−(d² − d₀²)/(2 v)) refers is d₀ = 0 where a level serves.
 *
 * x: [rows][dimension]; variances: [rows]; out: [rows][dimension + 2]
 */
export function respondGrid(grid: Grid, x: usize, variances: usize, out: usize, rows: i32): void {
  const stride = (<usize>grid.dimension) << 3
  for (let row: usize = 0; row < <usize>rows; row++) {
    const at = x + row * stride
    const target = out + row * (stride + 16)
    const place = variances + (row << 3)
    if (!fromLevel(grid, at, load<f64>(place), target))
      respondTree(changetype<Tree>(grid.tree), at, place, target, 1)
  }
}

/** The number of the level that serves a variance, −1 where none does. */
export function levelOf(grid: Grid, variance: f64): i32 {
  if (!(variance >= grid.least)) return -1
  const index = Math.floor(grid.perNat * NativeMath.log(variance / grid.least))
  return index < <f64>grid.count ? <i32>index : -1
}

/** Whether a level serves x at the variance; if so, writes what it sums up to. */
function fromLevel(grid: Grid, at: usize, variance: f64, target: usize): bool {
  const index = levelOf(grid, variance)
  if (index < 0) return false
  const level = grid.levels + <usize>index * LEVEL
  const weights = <usize>load<f64>(level)
  const d = grid.dimension
  const absent = 3 - d
  const h = load<f64>(level + SPACING)
  const blur = load<f64>(level + BLUR)
  const rest = variance - blur

  // the nearest node, and x − node along each axis
  let nearest: usize = 0
  const first = grid.scratch + 6 * LINE
  for (let axis = 0; axis < 3; axis++) {
    let node: i32 = 0
    let offset: f64 = 0
    if (axis >= absent) {
      const value = load<f64>(at + ((<usize>(axis - absent)) << 3))
      if (!(value >= axisOf(level, LOWEST, axis) && value <= axisOf(level, HIGHEST, axis))) return false
      const from = value - axisOf(level, ORIGIN, axis)
      node = <i32>Math.floor(from / h + 0.5)
      offset = from - <f64>node * h
    }
    nearest = nearest * <usize>axisOf(level, NODES, axis) + <usize>node
    store<i32>(first + ((<usize>axis) << 2), node)
    store<f64>(first + 16 + ((<usize>axis) << 3), offset)
  }
  const own = load<f64>(weights + (nearest << 3))
  const most = load<f64>(level + MOST)
  const fainter = NativeMath.log(most / own)
  if (!(fainter <= grid.faintest)) return false

  // the ball of nodes that count, half a diagonal wider since it is about a node
  const reach = Math.sqrt(2 * rest * (TRUNCATION + fainter)) / h + 0.5
  const radius = <i32>reach
  if (radius >= REACH) return false
  const square = <i32>(reach * reach)

  // exp(−(kh − δ)²/2v₂) = exp(−δ²/2v₂) exp(hδ/v₂)^k exp(−k²h²/2v₂): the last from a table, the first left to the sums
  tabulate(grid, h, rest, radius)
  let offsets: f64 = 0
  for (let axis = 0; axis < 3; axis++) {
    const e = grid.scratch + <usize>axis * LINE
    if (axis < absent) {
      store<f64>(e, 1)
      store<f64>(e + 3 * LINE, 0)
      continue
    }
    const node = load<i32>(first + ((<usize>axis) << 2))
    const offset = load<f64>(first + 16 + ((<usize>axis) << 3))
    offsets += offset * offset
    const from = max(node - radius, 0)
    const to = min(node + radius, <i32>axisOf(level, NODES, axis) - 1)
    const centre = e + ((<usize>(node - from)) << 3)
    const table = first + TABLE
    const up = f64x2.extract_lane(Lanes.exponential(f64x2.splat((h * offset) / rest)), 0)
    const down = 1 / up
    let power: f64 = 1
    for (let k = 0; k <= to - node; k++) {
      const place = centre + ((<usize>k) << 3)
      const value = power * load<f64>(table + ((<usize>k) << 3))
      store<f64>(place, value)
      store<f64>(place + 3 * LINE, value * (<f64>k * h - offset))
      power *= up
    }
    power = down
    for (let k = 1; k <= node - from; k++) {
      const place = centre - ((<usize>k) << 3)
      const value = power * load<f64>(table + ((<usize>k) << 3))
      store<f64>(place, value)
      store<f64>(place + 3 * LINE, value * (<f64>-k * h - offset))
      power *= down
    }
    const end = e + ((<usize>(to - from + 1)) << 3)
    memory.fill(end, 0, 32)
    memory.fill(end + 3 * LINE, 0, 32)
  }

  const n1 = <i32>axisOf(level, NODES, 1)
  const n2 = <i32>axisOf(level, NODES, 2)
  const node0 = load<i32>(first)
  const node1 = load<i32>(first + 4)
  const node2 = load<i32>(first + 8)
  const from0 = max(node0 - radius, 0)
  const from1 = max(node1 - radius, 0)
  const from2 = max(node2 - radius, 0)
  const to0 = min(node0 + radius, <i32>axisOf(level, NODES, 0) - 1)
  const to1 = min(node1 + radius, n1 - 1)
  const to2 = min(node2 + radius, n2 - 1)
  const e2 = grid.scratch + 2 * LINE - ((<usize>from2) << 3)
  let total: f64 = 0
  let sum0: f64 = 0
  let sum1: f64 = 0
  let sum2: f64 = 0
  for (let a = from0; a <= to0; a++) {
    const left0 = square - (a - node0) * (a - node0)
    if (left0 < 0) continue
    const half0 = <i32>load<u8>(grid.roots + <usize>left0)
    const end = min(node1 + half0, to1)
    let plane = f64x2.splat(0)
    let plane1 = f64x2.splat(0)
    let plane2 = f64x2.splat(0)
    let place = grid.scratch + LINE + ((<usize>(max(node1 - half0, from1) - from1)) << 3)
    for (let b = max(node1 - half0, from1); b <= end; b++) {
      const half = <i32>load<u8>(grid.roots + <usize>(left0 - (b - node1) * (b - node1)))
      const start = max(node2 - half, from2)
      const count = min(node2 + half, to2) - start + 1
      let w = weights + ((<usize>((a * n1 + b) * n2 + start)) << 3)
      let e = e2 + ((<usize>start) << 3)
      let plain = f64x2.splat(0)
      let weighted = f64x2.splat(0)
      let otherPlain = f64x2.splat(0)
      let otherWeighted = f64x2.splat(0)
      // lines end with zeros, so that a row may be read a little further
      for (const last = e + ((<usize>count) << 3); e < last; e += 32) {
        const one = v128.load(w)
        const other = v128.load(w, 16)
        plain = f64x2.add(plain, f64x2.mul(one, v128.load(e)))
        weighted = f64x2.add(weighted, f64x2.mul(one, v128.load(e + 3 * LINE)))
        otherPlain = f64x2.add(otherPlain, f64x2.mul(other, v128.load(e, 16)))
        otherWeighted = f64x2.add(otherWeighted, f64x2.mul(other, v128.load(e + 3 * LINE, 16)))
        w += 32
      }
      plain = f64x2.add(plain, otherPlain)
      weighted = f64x2.add(weighted, otherWeighted)
      const eb = v128.load_splat<f64>(place)
      plane = f64x2.add(plane, f64x2.mul(eb, plain))
      plane1 = f64x2.add(plane1, f64x2.mul(v128.load_splat<f64>(place + 3 * LINE), plain))
      plane2 = f64x2.add(plane2, f64x2.mul(eb, weighted))
      place += 8
    }
    const at0 = grid.scratch + ((<usize>(a - from0)) << 3)
    const ea = load<f64>(at0)
    const sum = f64x2.extract_lane(plane, 0) + f64x2.extract_lane(plane, 1)
    total += ea * sum
    sum0 += load<f64>(at0 + 3 * LINE) * sum
    sum1 += ea * (f64x2.extract_lane(plane1, 0) + f64x2.extract_lane(plane1, 1))
    sum2 += ea * (f64x2.extract_lane(plane2, 0) + f64x2.extract_lane(plane2, 1))
  }

  // E[node] − x = (v₂/v) (E[centre] − x)
  const gain = variance / rest / total
  let unit = f64x2.extract_lane(Lanes.exponential(f64x2.splat((-0.5 * offsets) / rest)), 0)
  for (let i = 0; i < d; i++) {
    const axis = i + absent
    const sum = axis === 0 ? sum0 : axis === 1 ? sum1 : sum2
    const place = (<usize>i) << 3
    store<f64>(target + place, load<f64>(at + place) + gain * sum)
    unit *= h / Math.sqrt((2 * NativeMath.PI * blur * rest) / variance)
  }
  store<f64>(target + ((<usize>d) << 3), 0)
  store<f64>(target + ((<usize>d) << 3) + 8, unit * total)
  return true
}

/** exp(−k²h²/2v) for k = 0 … radius, what is known of them kept while v and h stay. */
function tabulate(grid: Grid, h: f64, variance: f64, radius: i32): void {
  const table = grid.scratch + 6 * LINE + TABLE
  if (grid.tabulated !== variance || grid.spacing !== h) {
    grid.tabulated = variance
    grid.spacing = h
    grid.known = 0
  }
  const unit = f64x2.splat((-0.5 * h * h) / variance)
  for (; grid.known <= radius; grid.known += 2) {
    const k = f64x2.replace_lane(f64x2.splat(<f64>grid.known), 1, <f64>(grid.known + 1))
    v128.store(table + ((<usize>grid.known) << 3), Lanes.exponential(f64x2.mul(unit, f64x2.mul(k, k))))
  }
}
