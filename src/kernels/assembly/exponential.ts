// The exponential of the float64 kernels.

const LOG2E: f64 = Math.LOG2E
const LN2_HIGH: f64 = 0.6931471803691238
const LN2_LOW: f64 = 1.9082149292705877e-10
// beyond this an exponential counts as e^-700, which is nothing beside the nearest centre's 1
const LOWEST: f64 = -700
// 1.5 · 2^52: what it is added to is rounded
const ROUND: f64 = 6755399441055744

// biome-ignore lint/complexity/noStaticOnlyClass: a decorator, which inlines, can stand on a method but not on a function
export class Lanes {
  // exp of both lanes for arguments in [-700, 0], to about 1 unit in the last place: 2^k times the Taylor polynomial of
  // degree 12 on |r| ≤ ln 2 / 2, evaluated by Estrin's scheme
  // Inlined, because a call costs a fifth of the time.
  @inline
  static exponential(argument: v128): v128 {
    const x = f64x2.pmax(argument, f64x2.splat(LOWEST))
    const round = f64x2.splat(ROUND)
    const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(LOG2E)), round)
    const k = f64x2.sub(shifted, round)
    const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)))
    const r2 = f64x2.mul(r, r)
    const r4 = f64x2.mul(r2, r2)
    const r8 = f64x2.mul(r4, r4)
    const p01 = f64x2.add(f64x2.splat(1), r)
    const p23 = f64x2.add(f64x2.splat(1.0 / 2), f64x2.mul(r, f64x2.splat(1.0 / 6)))
    const p45 = f64x2.add(f64x2.splat(1.0 / 24), f64x2.mul(r, f64x2.splat(1.0 / 120)))
    const p67 = f64x2.add(f64x2.splat(1.0 / 720), f64x2.mul(r, f64x2.splat(1.0 / 5040)))
    const p89 = f64x2.add(f64x2.splat(1.0 / 40320), f64x2.mul(r, f64x2.splat(1.0 / 362880)))
    const pab = f64x2.add(f64x2.splat(1.0 / 3628800), f64x2.mul(r, f64x2.splat(1.0 / 39916800)))
    const last = f64x2.splat(1.0 / 479001600)
    const p03 = f64x2.add(p01, f64x2.mul(r2, p23))
    const p47 = f64x2.add(p45, f64x2.mul(r2, p67))
    const p8b = f64x2.add(p89, f64x2.mul(r2, f64x2.add(pab, f64x2.mul(r2, last))))
    const p = f64x2.add(f64x2.add(p03, f64x2.mul(r4, p47)), f64x2.mul(r8, p8b))
    // the whole number is in the low bits of the rounded one
    return i64x2.add(p, i64x2.shl(shifted, 52))
  }
}
