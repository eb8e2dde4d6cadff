import { fma, fnma } from './vector'

/**
 * The factor Q of the QR decomposition of a square matrix by Householder reflections (Golub & Van Loan, algorithms 5.1.1 and
 * 5.2.1). `work` holds two copies of the matrix by columns of `line` numbers (n rounded up to a multiple of 4) and n numbers.
 */
export function orthogonalFactor(n: i32, line: i32, a: usize, q: usize, work: usize): void {
  const column = (<usize>line) << 2
  const r = work
  const basis = r + <usize>n * column
  const betas = basis + <usize>n * column
  memory.fill(work, 0, 2 * <usize>n * column)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      store<f32>(r + <usize>j * column + ((<usize>i) << 2), load<f32>(a + ((<usize>(i * n + j)) << 2)))
    }
    store<f32>(basis + <usize>i * column + ((<usize>i) << 2), 1)
  }
  for (let k = 0; k < n; k++) {
    const v = r + <usize>k * column
    const beta = reflector(v, k, n)
    store<f32>(betas + ((<usize>k) << 2), beta)
    reflectAll(v, r, column, k + 1, n, k & ~3, line, beta)
  }
  for (let k = n - 1; k >= 0; k--) {
    reflectAll(r + <usize>k * column, basis, column, k, n, k & ~3, line, load<f32>(betas + ((<usize>k) << 2)))
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      store<f32>(q + ((<usize>(i * n + j)) << 2), load<f32>(basis + <usize>j * column + ((<usize>i) << 2)))
    }
  }
}

/** Turns column v into the vector of its reflector, v[k] = 1 and 0 above, and returns β. */
function reflector(v: usize, k: i32, n: i32): f32 {
  const head = <f64>load<f32>(v + ((<usize>k) << 2))
  let tail: f64 = 0
  for (let i = k + 1; i < n; i++) {
    const x = <f64>load<f32>(v + ((<usize>i) << 2))
    tail += x * x
  }
  for (let i = 0; i < k; i++) store<f32>(v + ((<usize>i) << 2), 0)
  store<f32>(v + ((<usize>k) << 2), 1)
  if (tail === 0) return 0
  const norm = Math.sqrt(head * head + tail)
  const first = head > 0 ? head + norm : head - norm
  for (let i = k + 1; i < n; i++) {
    const at = v + ((<usize>i) << 2)
    store<f32>(at, <f32>(<f64>load<f32>(at) / first))
  }
  return <f32>((2 * first * first) / (first * first + tail))
}

/** x ← (I − β v vᵀ) x for the columns from … n−1 of m, four at a time, on rows top … line−1. */
function reflectAll(
  v: usize,
  m: usize,
  column: usize,
  from: i32,
  n: i32,
  top: i32,
  line: i32,
  beta: f32,
): void {
  if (beta === 0) return
  const start = (<usize>top) << 2
  const end = (<usize>line) << 2
  let j = from
  for (; j + 4 <= n; j += 4) {
    const a = m + <usize>j * column
    const b = a + column
    const c = b + column
    const d = c + column
    let sa = f32x4.splat(0)
    let sb = f32x4.splat(0)
    let sc = f32x4.splat(0)
    let sd = f32x4.splat(0)
    for (let o = start; o < end; o += 16) {
      const x = v128.load(v + o)
      sa = fma(x, v128.load(a + o), sa)
      sb = fma(x, v128.load(b + o), sb)
      sc = fma(x, v128.load(c + o), sc)
      sd = fma(x, v128.load(d + o), sd)
    }
    const ta = f32x4.splat(beta * across(sa))
    const tb = f32x4.splat(beta * across(sb))
    const tc = f32x4.splat(beta * across(sc))
    const td = f32x4.splat(beta * across(sd))
    for (let o = start; o < end; o += 16) {
      const x = v128.load(v + o)
      v128.store(a + o, fnma(x, ta, v128.load(a + o)))
      v128.store(b + o, fnma(x, tb, v128.load(b + o)))
      v128.store(c + o, fnma(x, tc, v128.load(c + o)))
      v128.store(d + o, fnma(x, td, v128.load(d + o)))
    }
  }
  for (; j < n; j++) {
    const a = m + <usize>j * column
    let sum = f32x4.splat(0)
    for (let o = start; o < end; o += 16) sum = fma(v128.load(v + o), v128.load(a + o), sum)
    const t = f32x4.splat(beta * across(sum))
    for (let o = start; o < end; o += 16) v128.store(a + o, fnma(v128.load(v + o), t, v128.load(a + o)))
  }
}

function across(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3)
  )
}
