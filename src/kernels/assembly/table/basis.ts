// The six quintic B-splines of a cell and their derivatives, for two coordinates at a time: the formulas of
// src/numeric/interpolation/splines.ts.

function k(value: f64): v128 {
  return f64x2.splat(value)
}

/** a + u b */
function along(a: f64, u: v128, b: v128): v128 {
  return f64x2.add(k(a), f64x2.mul(u, b))
}

/** Values into six pairs at `to`, derivatives into the six after them; 0 ≤ u ≤ 1. */
export function basis(u: v128, to: usize): void {
  const v = f64x2.sub(k(1), u)
  const u2 = f64x2.mul(u, u)
  const v2 = f64x2.mul(v, v)
  const u4 = f64x2.mul(u2, u2)
  const v4 = f64x2.mul(v2, v2)
  const by = k(1 / 120)
  v128.store(to, f64x2.mul(f64x2.mul(v4, v), by), 0)
  v128.store(
    to,
    f64x2.mul(along(26, u, along(-50, u, along(20, u, along(20, u, along(-20, u, k(5)))))), by),
    16,
  )
  v128.store(to, f64x2.mul(along(66, u2, along(-60, u2, along(30, u, k(-10)))), by), 32)
  v128.store(to, f64x2.mul(along(66, v2, along(-60, v2, along(30, v, k(-10)))), by), 48)
  v128.store(to, f64x2.mul(along(1, u, along(5, u, along(10, u, along(10, u, along(5, u, k(-5)))))), by), 64)
  v128.store(to, f64x2.mul(f64x2.mul(u4, u), by), 80)
  // differences of the quartic B-splines
  const quarter = k(1 / 24)
  const q0 = f64x2.mul(v4, quarter)
  const q1 = f64x2.mul(along(11, u, along(-12, u, along(-6, u, along(12, u, k(-4))))), quarter)
  const q2 = f64x2.mul(along(11, u, along(12, u, along(-6, u, along(-12, u, k(6))))), quarter)
  const q3 = f64x2.mul(along(1, u, along(4, u, along(6, u, along(4, u, k(-4))))), quarter)
  const q4 = f64x2.mul(u4, quarter)
  v128.store(to, f64x2.neg(q0), 96)
  v128.store(to, f64x2.sub(q0, q1), 112)
  v128.store(to, f64x2.sub(q1, q2), 128)
  v128.store(to, f64x2.sub(q2, q3), 144)
  v128.store(to, f64x2.sub(q3, q4), 160)
  v128.store(to, q4, 176)
}
