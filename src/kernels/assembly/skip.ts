import { get, put } from './lanes'
import { firstOf, fma } from './vector'

// The skip combination Y = y + sF and its tangent Ẏ = ẏ + ṡF + sḞ, row by row: F has values on top and, where the tangent is wanted,
// tangents below; the factors are s alone, or ṡ on top and s below, as they stand before F and Ḟ in the tangent.

/** What is computed: Y, or Ẏ, or Y with Ẏ below it. */
const VALUE: i32 = 1
const BOTH: i32 = 3

export function skipForward(
  part: i32,
  parts: i32,
  form: i32,
  n: i32,
  columns: i32,
  f: usize,
  factors: usize,
  base: usize,
  output: usize,
): void {
  const row = (<usize>columns) << 2
  const below = <usize>n * row
  const last = firstOf(n, 1, part + 1, parts)
  for (let i = firstOf(n, 1, part, parts); i < last; i++) {
    const top = v128.load32_splat(factors + ((<usize>i) << 2))
    const low = form === VALUE ? top : v128.load32_splat(factors + ((<usize>(n + i)) << 2))
    let at = <usize>i * row
    for (let j = 0; j < columns; ) {
      const whole = columns - j >= 4
      const value = get(f + at, whole)
      if (form === VALUE || form === BOTH) put(output + at, fma(low, value, get(base + at, whole)), whole)
      if (form !== VALUE) {
        const to = form === BOTH ? at + below : at
        const rate = fma(low, get(f + at + below, whole), get(base + to, whole))
        put(output + to, fma(top, value, rate), whole)
      }
      j += whole ? 4 : 1
      at += whole ? 16 : 4
    }
  }
}

/** The gradient of F, and of Ḟ below it, from that of the output. */
export function skipBackward(
  part: i32,
  parts: i32,
  form: i32,
  n: i32,
  columns: i32,
  g: usize,
  factors: usize,
  gradient: usize,
): void {
  const row = (<usize>columns) << 2
  const below = <usize>n * row
  const last = firstOf(n, 1, part + 1, parts)
  for (let i = firstOf(n, 1, part, parts); i < last; i++) {
    const top = v128.load32_splat(factors + ((<usize>i) << 2))
    const low = form === VALUE ? top : v128.load32_splat(factors + ((<usize>(n + i)) << 2))
    let at = <usize>i * row
    for (let j = 0; j < columns; ) {
      const whole = columns - j >= 4
      if (form === VALUE) {
        put(gradient + at, f32x4.mul(low, get(g + at, whole)), whole)
      } else {
        const rate = get(form === BOTH ? g + at + below : g + at, whole)
        let above = f32x4.mul(top, rate)
        if (form === BOTH) above = fma(low, get(g + at, whole), above)
        put(gradient + at, above, whole)
        put(gradient + at + below, f32x4.mul(low, rate), whole)
      }
      j += whole ? 4 : 1
      at += whole ? 16 : 4
    }
  }
}

/** Σ_i w_i Σ_j (c_j r_ij)² in float64. */
export function weightedSquares(n: i32, columns: i32, r: usize, weights: usize, scales: usize): f64 {
  let total: f64 = 0
  for (let i = 0; i < n; i++) {
    let sum: f64 = 0
    for (let j = 0; j < columns; j++) {
      const value = <f64>load<f32>(r) * <f64>load<f32>(scales + ((<usize>j) << 2))
      sum += value * value
      r += 4
    }
    total += <f64>load<f32>(weights + ((<usize>i) << 2)) * sum
  }
  return total
}

/** Its gradient 2 g w_i c_j² r_ij. */
export function weightedSquaresBackward(
  part: i32,
  parts: i32,
  n: i32,
  columns: i32,
  r: usize,
  weights: usize,
  scales: usize,
  g: usize,
  gradient: usize,
): void {
  const twice: f32 = load<f32>(g) + load<f32>(g)
  const row = (<usize>columns) << 2
  const last = firstOf(n, 1, part + 1, parts)
  for (let i = firstOf(n, 1, part, parts); i < last; i++) {
    const weight = f32x4.splat(twice * load<f32>(weights + ((<usize>i) << 2)))
    let at = <usize>i * row
    for (let j = 0; j < columns; ) {
      const whole = columns - j >= 4
      const scale = get(scales + ((<usize>j) << 2), whole)
      const slope = f32x4.mul(weight, f32x4.mul(scale, scale))
      put(gradient + at, f32x4.mul(slope, get(r + at, whole)), whole)
      j += whole ? 4 : 1
      at += whole ? 16 : 4
    }
  }
}
