/** a·b + c in four lanes: one rounding where the build has relaxed SIMD, two otherwise. */
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

/** c − a·b in four lanes. */
export function fnma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c)
  return f32x4.sub(c, f32x4.mul(a, b))
}

/** First of the `count` items of a part, in multiples of `unit`, so that the split moves no rounding. */
export function firstOf(count: i32, unit: i32, part: i32, parts: i32): i32 {
  const units = (count + unit - 1) / unit
  return min<i32>(count, ((units * part) / parts) * unit)
}

/** tanh, by the rational function x P(x²)/Q(x²) of degree 13/6 on |x| ≤ 7.905 (the coefficients of Eigen's ptanh; 3 ulp). */
export function tanh4(argument: v128): v128 {
  // pmin and pmax keep a NaN that comes first, as min and max do, at a tenth of the instructions
  const x = f32x4.pmax(f32x4.pmin(argument, f32x4.splat(7.905311)), f32x4.splat(-7.905311))
  const z = f32x4.mul(x, x)
  let p = fma(z, f32x4.splat(-2.76076847742355e-16), f32x4.splat(2.00018790482477e-13))
  p = fma(z, p, f32x4.splat(-8.60467152213735e-11))
  p = fma(z, p, f32x4.splat(5.12229709037114e-8))
  p = fma(z, p, f32x4.splat(1.48572235717979e-5))
  p = fma(z, p, f32x4.splat(6.37261928875436e-4))
  p = fma(z, p, f32x4.splat(4.89352455891786e-3))
  let q = fma(z, f32x4.splat(1.19825839466702e-6), f32x4.splat(1.18534705686654e-4))
  q = fma(z, q, f32x4.splat(2.268434632439e-3))
  q = fma(z, q, f32x4.splat(4.89352518554385e-3))
  return f32x4.div(f32x4.mul(x, p), q)
}

/** exp on [−87.3, 88.7], by 2^n · P(r) with |r| ≤ ln 2 / 2 (the coefficients of Cephes' expf; 1e-7). */
export function exp4(argument: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(argument, f32x4.splat(88.722)), f32x4.splat(-87.336))
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(Mathf.LOG2E)))
  const r = fnma(n, f32x4.splat(-2.1219444e-4), fnma(n, f32x4.splat(0.693359375), x))
  let p = fma(r, f32x4.splat(1.98756915e-4), f32x4.splat(1.3981999507e-3))
  p = fma(r, p, f32x4.splat(8.3334519073e-3))
  p = fma(r, p, f32x4.splat(4.1665795894e-2))
  p = fma(r, p, f32x4.splat(1.6666665459e-1))
  p = fma(r, p, f32x4.splat(5.0000001201e-1))
  p = fma(f32x4.mul(r, r), p, f32x4.add(r, f32x4.splat(1)))
  // 2^n in two factors: n can be 128
  const whole = i32x4.trunc_sat_f32x4_s(n)
  const half = i32x4.shr_s(whole, 1)
  const a = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23)
  const b = i32x4.shl(i32x4.add(i32x4.sub(whole, half), i32x4.splat(127)), 23)
  return f32x4.mul(f32x4.mul(p, a), b)
}

/** 1/(1 + exp(−x)). */
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1)
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))))
}
