import { fma, fnma, sigmoid4, tanh4 } from './vector'

export const TANH: i32 = 1
export const SILU: i32 = 2

/** φ(z); 0 is no activation. */
export function value4(activation: i32, z: v128): v128 {
  if (activation === TANH) return tanh4(z)
  if (activation === SILU) return f32x4.mul(z, sigmoid4(z))
  return z
}

/** φ'(z), given a = φ(z): 1 − a² for tanh; σ + a(1 − σ) with σ = sigmoid(z) for SiLU. */
export function slope4(activation: i32, z: v128, a: v128): v128 {
  const one = f32x4.splat(1)
  if (activation === TANH) return fnma(a, a, one)
  if (activation === SILU) {
    const s = sigmoid4(z)
    return fma(a, f32x4.sub(one, s), s)
  }
  return one
}

/** φ''(z), given a = φ(z) and its slope: −2a·slope for tanh; σ(1 − σ)(2 + z(1 − 2σ)) for SiLU. */
export function bend4(activation: i32, z: v128, a: v128, slope: v128): v128 {
  if (activation === TANH) return f32x4.mul(f32x4.splat(-2), f32x4.mul(a, slope))
  if (activation === SILU) {
    const one = f32x4.splat(1)
    const two = f32x4.splat(2)
    const s = sigmoid4(z)
    return f32x4.mul(f32x4.mul(s, f32x4.sub(one, s)), fma(z, fnma(two, s, one), two))
  }
  return f32x4.splat(0)
}
