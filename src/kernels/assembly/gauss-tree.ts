// Sums of Gaussians over many centres in 1 to 3 dimensions, by a tree of boxes: boxes too far away to matter are left out, boxes that
// are small beside the width of the Gaussians are summed by their Hermite expansion, and the rest centre by centre
// (docs/mathematics.md §1.8). The tree is laid out by src/kernels/gauss-tree.ts.

import { Lanes } from './exponential'

/** Bytes of a node: centre [3], radius, box [low 3, high 3], first and end (bytes into the centres), left, right, moments, log count, count. */
const NODE: usize = 17 << 3
const RADIUS: usize = 3 << 3
const LOW: usize = 4 << 3
const HIGH: usize = 7 << 3
const FIRST: usize = 10 << 3
const END: usize = 11 << 3
const LEFT: usize = 12 << 3
const RIGHT: usize = 13 << 3
const MOMENTS: usize = 14 << 3
const LOG_COUNT: usize = 15 << 3
const COUNT: usize = 16 << 3

/** A box is left out where all of it adds less than e^−37 = 9e-17 of the sum. */
const NEGLIGIBLE: f64 = 37
/** What an expansion leaves out is below e^−34 = 2e-15 of the sum. */
const TRUNCATION: f64 = 34
/** Alternating terms of an expansion may be e^5 = 150 times the sum, which costs two digits of sixteen. */
const GROWTH: f64 = 5
/** |He_n(s)| ≤ 1.0865 √n! e^{s²/4} (Cramér): the logarithm of the constant. */
const CRAMER: f64 = 0.083

/** What an expansion costs beside its terms, and a pair of terms, in centres summed one by one. */
const EXPANSION: f64 = 24
const TERM: f64 = 0.2

@unmanaged
export class Tree {
  nodes: usize
  centres: usize
  /** Bytes of one coordinate of all centres. */
  bytes: usize
  moments: usize
  /** For each row of moments, where it starts in a node's moments, in bytes. */
  starts: usize
  /** √n, 1/√(n + 1), ½ ln n! for n = 0 … order + 1. */
  roots: usize
  inverses: usize
  logs: usize
  stack: usize
  /** g and h of each dimension, `line` bytes each, then the sums: total and the three of the mean. */
  scratch: usize
  line: usize
  dimension: i32
  order: i32
}

/**
 * As `respond` of kernel-density.ts: for each row the mean of the centres with the weights exp(−(d² − d²_min)/(2 v)), d²_min, and the sum of the weights.
 *
 * x: [rows][dimension]; variances: [rows]; out: [rows][dimension + 2]
 */
export function respondTree(tree: Tree, x: usize, variances: usize, out: usize, rows: i32): void {
  const d = tree.dimension
  const stride = (<usize>d) << 3
  const sums = tree.scratch + 6 * tree.line
  for (let row = 0; row < rows; row++) {
    const at = x + <usize>row * stride
    const target = out + <usize>row * (stride + 16)
    const variance = load<f64>(variances + ((<usize>row) << 3))
    const nearest = nearestSquare(tree, at)
    memory.fill(sums, 0, 32)
    sum(tree, at, variance, nearest, sums)
    const total = load<f64>(sums)
    for (let i = 0; i < d; i++) {
      const place = (<usize>i) << 3
      store<f64>(target + place, load<f64>(sums + 8 + place) / total)
    }
    store<f64>(target + stride, nearest)
    store<f64>(target + stride + 8, total)
  }
}

/** The squared distance to the box of a node. */
function boxSquare(node: usize, at: usize, d: i32): f64 {
  let sum: f64 = 0
  for (let i: usize = 0; i < <usize>d; i++) {
    const value = load<f64>(at + (i << 3))
    const outside = max(
      max(load<f64>(node + LOW + (i << 3)) - value, value - load<f64>(node + HIGH + (i << 3))),
      0,
    )
    sum += outside * outside
  }
  return sum
}

/**
 * The logarithm of a lower bound of Σ exp(−(d² − d²_min)/(2 v)): of all boxes on the way down to the nearest, the largest count times the weight
 * of their farthest corner; 0, the nearest centre alone, where that is more.
 */
function leastSum(tree: Tree, at: usize, half: f64, base: f64): f64 {
  const d = tree.dimension
  let best: f64 = 0
  let node = tree.nodes
  while (true) {
    let far: f64 = 0
    for (let i: usize = 0; i < <usize>d; i++) {
      const value = load<f64>(at + (i << 3))
      const reach = max(value - load<f64>(node + LOW + (i << 3)), load<f64>(node + HIGH + (i << 3)) - value)
      far += reach * reach
    }
    best = max(best, load<f64>(node + LOG_COUNT) - (far - base) * half)
    const left = load<f64>(node + LEFT)
    if (left < 0) return best
    const one = tree.nodes + <usize>left * NODE
    const other = tree.nodes + <usize>load<f64>(node + RIGHT) * NODE
    node = boxSquare(one, at, d) <= boxSquare(other, at, d) ? one : other
  }
}

/** The squared distance to the nearest centre, nearer boxes first. */
function nearestSquare(tree: Tree, at: usize): f64 {
  const d = tree.dimension
  let best = Infinity
  let top = tree.stack
  store<usize>(top, tree.nodes)
  top += 8
  while (top > tree.stack) {
    top -= 8
    const node = load<usize>(top)
    if (boxSquare(node, at, d) >= best) continue
    const left = load<f64>(node + LEFT)
    if (left < 0) {
      best = min(best, leafSquare(tree, node, at))
      continue
    }
    const one = tree.nodes + <usize>left * NODE
    const other = tree.nodes + <usize>load<f64>(node + RIGHT) * NODE
    const nearer = boxSquare(one, at, d) <= boxSquare(other, at, d)
    store<usize>(top, nearer ? other : one)
    store<usize>(top + 8, nearer ? one : other)
    top += 16
  }
  return best
}

function leafSquare(tree: Tree, node: usize, at: usize): f64 {
  const d = <usize>tree.dimension
  const end = <usize>load<f64>(node + END)
  let smallest = f64x2.splat(Infinity)
  for (let k = <usize>load<f64>(node + FIRST); k < end; k += 16) {
    let square = f64x2.splat(0)
    for (let i: usize = 0; i < d; i++) {
      const difference = f64x2.sub(
        v128.load_splat<f64>(at + (i << 3)),
        v128.load(tree.centres + i * tree.bytes + k),
      )
      square = f64x2.add(square, f64x2.mul(difference, difference))
    }
    smallest = f64x2.min(smallest, square)
  }
  return min(f64x2.extract_lane(smallest, 0), f64x2.extract_lane(smallest, 1))
}

/** Adds up all nodes that matter. */
function sum(tree: Tree, at: usize, variance: f64, base: f64, sums: usize): void {
  const d = tree.dimension
  const half = 0.5 / variance
  const least = leastSum(tree, at, half, base)
  let top = tree.stack
  store<usize>(top, tree.nodes)
  top += 8
  while (top > tree.stack) {
    top -= 8
    const node = load<usize>(top)
    const count = load<f64>(node + COUNT)
    if ((boxSquare(node, at, d) - base) * half - load<f64>(node + LOG_COUNT) + least > NEGLIGIBLE) continue
    const left = load<f64>(node + LEFT)
    if (load<f64>(node + MOMENTS) >= 0) {
      const order = orderOf(tree, node, at, variance, base, least)
      if (order >= 0 && (left >= 0 || EXPANSION + TERM * terms(order, d) < count)) {
        expand(tree, node, at, variance, base, order, sums)
        continue
      }
    }
    if (left < 0) {
      direct(tree, node, at, half, base, sums)
      continue
    }
    store<usize>(top, tree.nodes + <usize>left * NODE)
    store<usize>(top + 8, tree.nodes + <usize>load<f64>(node + RIGHT) * NODE)
    top += 16
  }
}

/** Terms of an expansion to the order. */
function terms(order: i32, d: i32): f64 {
  const n = <f64>order
  if (d === 1) return n + 1
  if (d === 2) return 0.5 * (n + 1) * (n + 2)
  return ((n + 1) * (n + 2) * (n + 3)) / 6
}

/**
 * The order to which the expansion of a node has to go at x, −1 where none is enough or its terms are too large. The terms of degree n are at most
 * count q^n/n! |He_n| e^{−Y²/2}, q = radius/√v, Y = |x − centre|/√v.
 */
function orderOf(tree: Tree, node: usize, at: usize, variance: f64, base: f64, least: f64): i32 {
  const d = <usize>tree.dimension
  let square: f64 = 0
  for (let i: usize = 0; i < d; i++) {
    const difference = load<f64>(at + (i << 3)) - load<f64>(node + (i << 3))
    square += difference * difference
  }
  square /= variance
  const q = load<f64>(node + RADIUS) / Math.sqrt(variance)
  // beyond this no order is enough; saves the logarithm
  if (q > 3) return -1
  const shift = (0.5 * base) / variance - least
  const all = load<f64>(node + LOG_COUNT) + shift
  if (all + q * Math.sqrt(square) + 0.5 * q * q - 0.5 * square > GROWTH) return -1
  const start = all + CRAMER - 0.25 * square + TRUNCATION
  if (start <= 0 || q === 0) return 1
  const slope = NativeMath.log(q)
  for (let n: usize = 2; n <= <usize>tree.order; n++)
    if (start + <f64>n * slope - load<f64>(tree.logs + (n << 3)) <= 0) return <i32>n
  return -1
}

/** Adds the expansion of a node about its centre: Σ_α M_α g_α e^{−Y²/2}, g_n = q^n He_n(y)/√n!. */
function expand(tree: Tree, node: usize, at: usize, variance: f64, base: f64, order: i32, sums: usize): void {
  const d = <usize>tree.dimension
  const scale = 1 / Math.sqrt(variance)
  const radius = load<f64>(node + RADIUS)
  const q = radius * scale
  const line = tree.line
  const g = tree.scratch
  const h = tree.scratch + 3 * line
  const last = <usize>order + 1
  let square: f64 = 0
  for (let i: usize = 0; i < d; i++) {
    const y = (load<f64>(at + (i << 3)) - load<f64>(node + (i << 3))) * scale
    square += y * y
    const step = q * y
    let before: f64 = 0
    let value: f64 = 1
    const to = g + i * line
    const weighted = h + i * line
    store<f64>(to, 1)
    store<f64>(weighted, 0)
    for (let n: usize = 0; n < last; n++) {
      const root = load<f64>(tree.roots + (n << 3))
      const next = (step * value - q * q * root * before) * load<f64>(tree.inverses + (n << 3))
      before = value
      value = next
      store<f64>(to + ((n + 1) << 3), value)
      // √(n + 1) g_n
      store<f64>(weighted + ((n + 1) << 3), load<f64>(tree.roots + ((n + 1) << 3)) * before)
    }
  }
  const moments = tree.moments + <usize>load<f64>(node + MOMENTS)
  let total: f64 = 0
  let first: f64 = 0
  let second: f64 = 0
  let third: f64 = 0
  if (d === 1) {
    const both = rowSums(moments, g, h, order)
    total = f64x2.extract_lane(both, 0)
    first = f64x2.extract_lane(both, 1)
  } else if (d === 2) {
    let totals = f64x2.splat(0)
    let firsts = f64x2.splat(0)
    let seconds = f64x2.splat(0)
    for (let a = 0; a <= order; a++) {
      const row = moments + <usize>load<u32>(tree.starts + ((<usize>a) << 2))
      const ga = v128.load_splat<f64>(g + ((<usize>a) << 3))
      const ha = v128.load_splat<f64>(h + ((<usize>a) << 3))
      let plain = f64x2.splat(0)
      let weighted = f64x2.splat(0)
      for (let to: usize = 0; to <= (<usize>(order - a)) << 3; to += 16) {
        const moment = v128.load(row + to)
        plain = f64x2.add(plain, f64x2.mul(moment, v128.load(g + line + to)))
        weighted = f64x2.add(weighted, f64x2.mul(moment, v128.load(h + line + to)))
      }
      totals = f64x2.add(totals, f64x2.mul(ga, plain))
      firsts = f64x2.add(firsts, f64x2.mul(ha, plain))
      seconds = f64x2.add(seconds, f64x2.mul(ga, weighted))
    }
    total = f64x2.extract_lane(totals, 0) + f64x2.extract_lane(totals, 1)
    first = f64x2.extract_lane(firsts, 0) + f64x2.extract_lane(firsts, 1)
    second = f64x2.extract_lane(seconds, 0) + f64x2.extract_lane(seconds, 1)
  } else {
    for (let a = 0; a <= order; a++) {
      let plain: f64 = 0
      let inSecond: f64 = 0
      let inThird: f64 = 0
      for (let b = 0; b <= order - a; b++) {
        const index = <usize>(a * (tree.order + 1) + b)
        const row = moments + <usize>load<u32>(tree.starts + (index << 2))
        const both = rowSums(row, g + 2 * line, h + 2 * line, order - a - b)
        const own = f64x2.extract_lane(both, 0)
        const gb = load<f64>(g + line + ((<usize>b) << 3))
        plain += gb * own
        inSecond += load<f64>(h + line + ((<usize>b) << 3)) * own
        inThird += gb * f64x2.extract_lane(both, 1)
      }
      const ga = load<f64>(g + ((<usize>a) << 3))
      total += ga * plain
      first += load<f64>(h + ((<usize>a) << 3)) * plain
      second += ga * inSecond
      third += ga * inThird
    }
  }
  const argument = 0.5 * (base / variance - square)
  const factor = f64x2.extract_lane(Lanes.exponential(f64x2.splat(argument)), 0)
  store<f64>(sums, load<f64>(sums) + factor * total)
  for (let i: usize = 0; i < d; i++) {
    const own = i === 0 ? first : i === 1 ? second : third
    const place = sums + 8 + (i << 3)
    store<f64>(place, load<f64>(place) + factor * (load<f64>(node + (i << 3)) * total + radius * own))
  }
}

/** Σ m_n g_n and Σ m_n h_n over n = 0 … last, in the two lanes. Rows end with zeros, so that pairs may go one further. */
function rowSums(row: usize, g: usize, h: usize, last: i32): v128 {
  let plain = f64x2.splat(0)
  let weighted = f64x2.splat(0)
  for (let at: usize = 0; at <= (<usize>last) << 3; at += 16) {
    const moment = v128.load(row + at)
    plain = f64x2.add(plain, f64x2.mul(moment, v128.load(g + at)))
    weighted = f64x2.add(weighted, f64x2.mul(moment, v128.load(h + at)))
  }
  return f64x2.add(v128.shuffle<f64>(plain, weighted, 0, 2), v128.shuffle<f64>(plain, weighted, 1, 3))
}

/** Adds the centres of a leaf one by one. */
function direct(tree: Tree, node: usize, at: usize, half: f64, base: f64, sums: usize): void {
  const d = <usize>tree.dimension
  const bytes = tree.bytes
  const end = <usize>load<f64>(node + END)
  const limit = f64x2.splat(base + NEGLIGIBLE / half)
  const rate = f64x2.splat(-half)
  const nearest = f64x2.splat(base)
  const x0 = v128.load_splat<f64>(at)
  const x1 = d > 1 ? v128.load_splat<f64>(at + 8) : x0
  const x2 = d > 2 ? v128.load_splat<f64>(at + 16) : x0
  let total = f64x2.splat(0)
  let first = f64x2.splat(0)
  let second = f64x2.splat(0)
  let third = f64x2.splat(0)
  for (let k = tree.centres + <usize>load<f64>(node + FIRST); k < tree.centres + end; k += 16) {
    const c0 = v128.load(k)
    let difference = f64x2.sub(x0, c0)
    let square = f64x2.mul(difference, difference)
    let c1 = c0
    let c2 = c0
    if (d > 1) {
      c1 = v128.load(k + bytes)
      difference = f64x2.sub(x1, c1)
      square = f64x2.add(square, f64x2.mul(difference, difference))
    }
    if (d > 2) {
      c2 = v128.load(k + 2 * bytes)
      difference = f64x2.sub(x2, c2)
      square = f64x2.add(square, f64x2.mul(difference, difference))
    }
    if (!v128.any_true(f64x2.le(square, limit))) continue
    const weight = Lanes.exponential(f64x2.mul(rate, f64x2.sub(square, nearest)))
    total = f64x2.add(total, weight)
    first = f64x2.add(first, f64x2.mul(weight, c0))
    if (d > 1) second = f64x2.add(second, f64x2.mul(weight, c1))
    if (d > 2) third = f64x2.add(third, f64x2.mul(weight, c2))
  }
  addLanes(sums, total)
  addLanes(sums + 8, first)
  if (d > 1) addLanes(sums + 16, second)
  if (d > 2) addLanes(sums + 24, third)
}

function addLanes(place: usize, lanes: v128): void {
  store<f64>(place, load<f64>(place) + (f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1)))
}

/**
 * Adds what one centre has to the moments of a node: u^α/√α! for |α| ≤ order, u = (centre − middle)/radius.
 *
 * powers: scratch of 3 lines, u_i^n/√n! of each coordinate
 */
export function addMoments(tree: Tree, moments: usize, powers: usize): void {
  const order = tree.order
  const line = tree.line
  const d = tree.dimension
  if (d === 1) {
    addRow(moments, powers, order, 1)
    return
  }
  for (let a = 0; a <= order; a++) {
    const pa = load<f64>(powers + ((<usize>a) << 3))
    if (d === 2) {
      addRow(moments + <usize>load<u32>(tree.starts + ((<usize>a) << 2)), powers + line, order - a, pa)
      continue
    }
    for (let b = 0; b <= order - a; b++) {
      const index = <usize>(a * (order + 1) + b)
      const pb = pa * load<f64>(powers + line + ((<usize>b) << 3))
      addRow(moments + <usize>load<u32>(tree.starts + (index << 2)), powers + 2 * line, order - a - b, pb)
    }
  }
}

function addRow(row: usize, powers: usize, last: i32, factor: f64): void {
  const lanes = f64x2.splat(factor)
  let at: usize = 0
  for (; at + 8 <= (<usize>last) << 3; at += 16)
    v128.store(row + at, f64x2.add(v128.load(row + at), f64x2.mul(lanes, v128.load(powers + at))))
  if (at === (<usize>last) << 3) store<f64>(row + at, load<f64>(row + at) + factor * load<f64>(powers + at))
}
