// Derivatives along the lines of a grid, upwind by WENO, and the sums of Runge–Kutta stages, in float64 with SIMD over
// neighbouring nodes. Fields are planes, one a component, whose lines along the last axis have an even length. Every grid has an
// instance of its own, with memory laid out by src/kernels/transport.ts.

// columns whose difference quotients are made at a time: for a few hundred nodes a line they stay in the cache
const COLUMNS: usize = 16

/**
 * out = −v ∂f/∂y along an axis or, unless `first`, that added to out. Beyond the grid f is continued linearly.
 *
 * f, v, out: [outer][nodes][inner], inner even; of the last axis inner is 1, and lines have `width` places, nodes or one more;
 * r: stencils of WENO2r−1, or 1: first-order upwind; tables: of WENO, as in solvers/grid/schemes/weno.ts, none for r = 3;
 * scratch: (nodes + 2 r + 1) · 16 numbers, then 3 r pairs
 */
export function transport(
  r: i32,
  tables: usize,
  f: usize,
  v: usize,
  out: usize,
  outer: i32,
  nodes: i32,
  inner: i32,
  width: i32,
  perUnit: f64,
  first: bool,
  scratch: usize,
): void {
  const space = scratch + (((<usize>nodes + 2 * <usize>r + 1) * COLUMNS) << 3)
  if (inner === 1) {
    const line = (<usize>width) << 3
    for (let o: usize = 0; o < <usize>outer; o++) {
      const at = o * line
      quotients(r, f + at, nodes, perUnit, scratch)
      row(r, tables, scratch, 8, v + at, out + at, line, first, space)
    }
    return
  }
  const stride = (<usize>inner) << 3
  for (let o: usize = 0; o < <usize>outer; o++)
    for (let column: usize = 0; column < stride; column += COLUMNS << 3) {
      const bytes = min(COLUMNS << 3, stride - column)
      let at = o * <usize>nodes * stride + column
      columnQuotients(r, f + at, stride, bytes, nodes, perUnit, scratch)
      for (let j: usize = 0; j < <usize>nodes; j++) {
        row(r, tables, scratch + j * bytes, bytes, v + at, out + at, bytes, first, space)
        at += stride
      }
    }
}

/** The difference quotient of interval j of a line at index r + j; those of the last intervals repeat beyond the ends. */
function quotients(r: i32, f: usize, nodes: i32, perUnit: f64, out: usize): void {
  const ghosts = (<usize>r) << 3
  const end = ((<usize>nodes - 1) << 3) + ghosts
  for (let at = ghosts; at < end; at += 8) {
    const from = f + at - ghosts
    store<f64>(out + at, (load<f64>(from, 8) - load<f64>(from)) * perUnit)
  }
  const low = load<f64>(out + ghosts)
  const high = load<f64>(out + end - 8)
  for (let at: usize = 0; at < ghosts; at += 8) store<f64>(out + at, low)
  // one more for the place that makes a line even
  for (let at = end; at <= end + ghosts; at += 8) store<f64>(out + at, high)
}

/** The same of `bytes` / 8 neighbouring lines: rows of difference quotients. */
function columnQuotients(
  r: i32,
  f: usize,
  stride: usize,
  bytes: usize,
  nodes: i32,
  perUnit: f64,
  out: usize,
): void {
  const scale = f64x2.splat(perUnit)
  const low = out + <usize>r * bytes
  let to = low
  for (let j = 1; j < nodes; j++, f += stride, to += bytes)
    for (let at: usize = 0; at < bytes; at += 16)
      v128.store(to + at, f64x2.mul(f64x2.sub(v128.load(f + stride + at), v128.load(f + at)), scale))
  for (let ghost = 0; ghost < r; ghost++) {
    memory.copy(out + <usize>ghost * bytes, low, bytes)
    memory.copy(to + <usize>ghost * bytes, to - bytes, bytes)
  }
}

/** For `bytes` / 8 nodes; the difference quotients of a node are `step` bytes apart, those of its neighbour 8 bytes on. */
function row(
  r: i32,
  tables: usize,
  slopes: usize,
  step: usize,
  v: usize,
  out: usize,
  bytes: usize,
  first: bool,
  space: usize,
): void {
  const last = (2 * <usize>r - 1) * step
  for (let at: usize = 0; at < bytes; at += 16) {
    const speed = v128.load(v + at)
    const forward = f64x2.gt(speed, f64x2.splat(0))
    const signs = i64x2.bitmask(forward)
    let p = slopes + at
    // from the right the stencil is the mirror image
    const q = p + last
    const mixed = signs === 1 || signs === 2
    const way = signs === 0 ? 0 - step : step
    if (signs === 0) p = q
    let derivative: v128
    if (r === 3) {
      let a = v128.load(p)
      let b = v128.load(p + way)
      let c = v128.load(p + 2 * way)
      let d = v128.load(p + 3 * way)
      let e = v128.load(p + 4 * way)
      if (mixed) {
        a = v128.bitselect(a, v128.load(q), forward)
        b = v128.bitselect(b, v128.load(q - step), forward)
        c = v128.bitselect(c, v128.load(q - 2 * step), forward)
        d = v128.bitselect(d, v128.load(q - 3 * step), forward)
        e = v128.bitselect(e, v128.load(q - 4 * step), forward)
      }
      derivative = f64x2.add(c, f64x2.sub(Weno.faceIncrement(b, c, d, e), Weno.faceIncrement(a, b, c, d)))
    } else if (r === 1) {
      derivative = mixed ? v128.bitselect(v128.load(p), v128.load(q), forward) : v128.load(p)
    } else {
      const count = <usize>(2 * r - 1)
      for (let i: usize = 0; i < count; i++) {
        let slope = v128.load(p + i * way)
        if (mixed) slope = v128.bitselect(slope, v128.load(q - i * step), forward)
        v128.store(space + (i << 4), slope)
      }
      const behind = space + (count << 4)
      const upper = faceIncrement(<usize>r, tables, space + 16, behind)
      const lower = faceIncrement(<usize>r, tables, space, behind)
      derivative = f64x2.add(v128.load(space + ((<usize>r - 1) << 4)), f64x2.sub(upper, lower))
    }
    const before = first ? f64x2.splat(0) : v128.load(out + at)
    v128.store(out + at, f64x2.sub(before, f64x2.mul(speed, derivative)))
  }
}

// biome-ignore lint/complexity/noStaticOnlyClass: a decorator, which inlines, can stand on a method but not on a function
class Weno {
  /** `faceIncrement` of solvers/grid/schemes/weno.ts, operation by operation. */
  @inline
  static faceIncrement(p: v128, q: v128, r: v128, s: v128): v128 {
    const before = f64x2.pmax(f64x2.mul(p, p), f64x2.mul(q, q))
    const behind = f64x2.pmax(f64x2.mul(r, r), f64x2.mul(s, s))
    const largest = f64x2.mul(f64x2.splat(1e-12), f64x2.pmax(before, behind))
    const epsilon = f64x2.add(largest, f64x2.splat(1e-40))
    const three = f64x2.splat(3)
    const s1 = Weno.smoothness(f64x2.sub(q, p), f64x2.sub(f64x2.mul(three, q), p), epsilon)
    const s2 = Weno.smoothness(f64x2.sub(r, q), f64x2.add(q, r), epsilon)
    const s3 = Weno.smoothness(f64x2.sub(s, r), f64x2.sub(f64x2.mul(three, r), s), epsilon)
    const difference = f64x2.sub(s1, s3)
    const tau = f64x2.mul(difference, difference)
    const w1 = Weno.weight(s1, tau, f64x2.mul(s2, s3))
    const w2 = f64x2.mul(f64x2.splat(6), Weno.weight(s2, tau, f64x2.mul(s1, s3)))
    const w3 = f64x2.mul(three, Weno.weight(s3, tau, f64x2.mul(s1, s2)))
    const total = f64x2.add(f64x2.add(w1, w2), w3)
    const first = f64x2.mul(w1, f64x2.sub(f64x2.mul(f64x2.splat(5), q), f64x2.add(p, p)))
    const second = f64x2.mul(w2, f64x2.add(q, f64x2.add(r, r)))
    const third = f64x2.mul(w3, f64x2.sub(f64x2.mul(f64x2.splat(4), r), s))
    const sum = f64x2.add(f64x2.add(first, second), third)
    return f64x2.div(sum, f64x2.mul(f64x2.splat(6), total))
  }

  @inline
  static weight(own: v128, tau: v128, others: v128): v128 {
    return f64x2.mul(f64x2.add(f64x2.mul(own, own), tau), f64x2.mul(others, others))
  }

  @inline
  static smoothness(bend: v128, slope: v128, epsilon: v128): v128 {
    const curved = f64x2.mul(f64x2.splat(13.0 / 3), f64x2.mul(bend, bend))
    return f64x2.add(f64x2.add(curved, f64x2.mul(slope, slope)), epsilon)
  }
}

/** `faceIncrement` of solvers/grid/schemes/weno.ts, operation by operation, from pairs of differences; space for r pairs behind `space`. */
function faceIncrement(r: usize, tables: usize, differences: usize, space: usize): v128 {
  const weights = tables + (r << 3)
  let factors = weights + ((r * (r - 1)) << 3)
  for (let k: usize = 0; k < r; k++) {
    let sum = f64x2.splat(1e-99)
    for (let b: usize = 0; b < r - 1; b++) {
      let term = f64x2.splat(0)
      for (let a = b; a < r - 1; a++) {
        const factor = v128.load_splat<f64>(factors + ((a * (r - 1) + b) << 3))
        term = f64x2.add(term, f64x2.mul(factor, v128.load(differences + ((k + a) << 4))))
      }
      sum = f64x2.add(sum, f64x2.mul(term, term))
    }
    v128.store(space + (k << 4), sum)
    factors += ((r - 1) * (r - 1)) << 3
  }
  const tau = f64x2.abs(f64x2.sub(v128.load(space), v128.load(space + ((r - 1) << 4))))
  let sum = f64x2.splat(0)
  let total = f64x2.splat(0)
  for (let k: usize = 0; k < r; k++) {
    let candidate = f64x2.splat(0)
    for (let a: usize = 0; a < r - 1; a++) {
      const weight = v128.load_splat<f64>(weights + ((k * (r - 1) + a) << 3))
      candidate = f64x2.add(candidate, f64x2.mul(weight, v128.load(differences + ((k + a) << 4))))
    }
    const ratio = f64x2.div(tau, v128.load(space + (k << 4)))
    const linear = v128.load_splat<f64>(tables + (k << 3))
    const weight = f64x2.mul(linear, f64x2.add(f64x2.splat(1), f64x2.mul(ratio, ratio)))
    sum = f64x2.add(sum, f64x2.mul(weight, candidate))
    total = f64x2.add(total, weight)
  }
  return f64x2.div(sum, total)
}

/**
 * out = f + Σ factor · stage, term by term. out may be f.
 *
 * terms: [count] pairs of a factor and, as a 64-bit number, the address of its stage; length: an even number of values
 */
export function addStages(out: usize, f: usize, terms: usize, count: i32, length: i32): void {
  const last = terms + ((<usize>count) << 4)
  const bytes = (<usize>length) << 3
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = v128.load(f + at)
    for (let term = terms; term < last; term += 16) {
      const stage = v128.load(<usize>load<f64>(term, 8) + at)
      sum = f64x2.add(sum, f64x2.mul(v128.load_splat<f64>(term), stage))
    }
    v128.store(out + at, sum)
  }
}
