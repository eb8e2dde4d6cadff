// Hermite expansions of the sums of Gaussians over the centres of a box (docs/mathematics.md §1.8).
import { Lanes } from '../exponential'
// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { LOG_COUNT, MOMENTS, RADIUS, Tree } from './tree'

/** What an expansion leaves out is below e^−34 = 2e-15 of the sum. */
const TRUNCATION: f64 = 34
/** Alternating terms of an expansion may be e^5 = 150 times the sum, which costs two digits of sixteen. */
const GROWTH: f64 = 5
/** |He_n(s)| ≤ 1.0865 √n! e^{s²/4} (Cramér): the logarithm of the constant. */
const CRAMER: f64 = 0.083

/** Terms of an expansion to the order. */
export function terms(order: i32, d: i32): f64 {
  const n = <f64>order
  if (d === 1) return n + 1
  if (d === 2) return 0.5 * (n + 1) * (n + 2)
  return ((n + 1) * (n + 2) * (n + 3)) / 6
}

/**
 * The order to which the expansion of a node has to go at x, −1 where none is enough or its terms are too large. The terms of degree n are at most
 * count q^n/n! |He_n| e^{−Y²/2}, q = radius/√v, Y = |x − centre|/√v.
 */
export function orderOf(tree: Tree, node: usize, at: usize, variance: f64, base: f64, least: f64): i32 {
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
export function expand(
  tree: Tree,
  node: usize,
  at: usize,
  variance: f64,
  base: f64,
  order: i32,
  sums: usize,
): void {
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
