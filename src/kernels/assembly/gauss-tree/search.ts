// Sums of Gaussians over many centres in 1 to 3 dimensions, by a tree of boxes: boxes too far away to matter are left out, boxes that
// are small beside the width of the Gaussians are summed by their Hermite expansion, and the rest centre by centre
// (docs/mathematics.md §1.8). The tree is laid out by src/kernels/gauss-tree.ts.

import { Lanes } from '../exponential'
import { expand, orderOf, terms } from './expansion'
// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { COUNT, END, FIRST, HIGH, LEFT, LOG_COUNT, LOW, MOMENTS, NODE, RIGHT, Tree } from './tree'

/** A box is left out where all of it adds less than e^−37 = 9e-17 of the sum. */
const NEGLIGIBLE: f64 = 37
/** What an expansion costs beside its terms, and a pair of terms, in centres summed one by one. */
const EXPANSION: f64 = 24
const TERM: f64 = 0.2

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
    smallest = f64x2.pmin(square, smallest)
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
