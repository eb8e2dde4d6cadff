// exp(x/2) for weights of a mixture.

// The engine makes a constant of SIMD anew wherever it is used, by three instructions; from memory it takes one. In turn: the lowest
// argument; log₂(e)/2; 1.5 · 2^52, to which a number is added to round it; 2 ln 2; a polynomial of degree 10 that passes
// through exp(r/2) at the Chebyshev points of |r| ≤ ln 2 and is 1 at 0.
const NUMBERS = memory.data<f64>([
  -1400, 0.7213475204444817, 6755399441055744, 1.3862943611198906, 1, 0.5000000000000007, 0.12500000000000003,
  0.020833333333269508, 0.002604166666664008, 0.00026041666772912527, 2.1701388933146432e-5,
  1.5500930168621758e-6, 9.688094256232178e-8, 5.397003077994537e-9, 2.6972742622470455e-10,
])

// biome-ignore lint/complexity/noStaticOnlyClass: a decorator, which inlines, can stand on a method but not on a function
export class Root {
  // exp(x/2) of both lanes for x ≤ 0, to 3 units in the last place; below -1400 it counts as e^-700.
  @inline
  static of(argument: v128): v128 {
    const x = f64x2.pmax(argument, v128.load_splat<f64>(NUMBERS))
    const round = v128.load_splat<f64>(NUMBERS, 16)
    const shifted = f64x2.add(f64x2.mul(x, v128.load_splat<f64>(NUMBERS, 8)), round)
    const r = f64x2.sub(x, f64x2.mul(f64x2.sub(shifted, round), v128.load_splat<f64>(NUMBERS, 24)))
    const r2 = f64x2.mul(r, r)
    const r4 = f64x2.mul(r2, r2)
    const p01 = f64x2.add(v128.load_splat<f64>(NUMBERS, 32), f64x2.mul(r, v128.load_splat<f64>(NUMBERS, 40)))
    const p23 = f64x2.add(v128.load_splat<f64>(NUMBERS, 48), f64x2.mul(r, v128.load_splat<f64>(NUMBERS, 56)))
    const p45 = f64x2.add(v128.load_splat<f64>(NUMBERS, 64), f64x2.mul(r, v128.load_splat<f64>(NUMBERS, 72)))
    const p67 = f64x2.add(v128.load_splat<f64>(NUMBERS, 80), f64x2.mul(r, v128.load_splat<f64>(NUMBERS, 88)))
    const p89 = f64x2.add(v128.load_splat<f64>(NUMBERS, 96), f64x2.mul(r, v128.load_splat<f64>(NUMBERS, 104)))
    const p03 = f64x2.add(p01, f64x2.mul(r2, p23))
    const p47 = f64x2.add(p45, f64x2.mul(r2, p67))
    const p8a = f64x2.add(p89, f64x2.mul(r2, v128.load_splat<f64>(NUMBERS, 112)))
    const p = f64x2.add(p03, f64x2.mul(r4, f64x2.add(p47, f64x2.mul(r4, p8a))))
    // the whole number is in the low bits of the rounded one
    return i64x2.add(p, i64x2.shl(shifted, 52))
  }
}
