import { bend4, SILU, slope4, TANH, value4 } from './activation'
import { multiply } from './gemm'
import { get, put } from './lanes'
import { MR } from './pack'
import { firstOf } from './vector'

/**
 * φ(hW + b) on n rows and, when `dual`, φ'(hW + b) ⊙ (ḣW) on the n rows below. z gets hW + b and ḣW; it may be the same
 * memory as `output`.
 */
export function denseForward(
  part: i32,
  parts: i32,
  activation: i32,
  dual: bool,
  n: i32,
  depth: i32,
  columns: i32,
  h: usize,
  w: usize,
  b: usize,
  z: usize,
  output: usize,
): void {
  const first = firstOf(n, MR, part, parts)
  const last = firstOf(n, MR, part + 1, parts)
  const second = dual ? n : 0
  multiply(false, false, columns, depth, h, depth, w, columns, z, columns, false, first, last, second)
  const row = (<usize>columns) << 2
  const tangent = <usize>n * row
  for (let i = first; i < last; i++) {
    let at = <usize>i * row
    for (let j = 0; j < columns; ) {
      const whole = columns - j >= 4
      const value = f32x4.add(get(z + at, whole), get(b + ((<usize>j) << 2), whole))
      const a = value4(activation, value)
      if (activation === SILU) put(z + at, value, whole)
      put(output + at, a, whole)
      if (dual && activation !== 0) {
        const below = get(z + at + tangent, whole)
        put(output + at + tangent, f32x4.mul(below, slope4(activation, value, a)), whole)
      }
      j += whole ? 4 : 1
      at += whole ? 16 : 4
    }
  }
}

/**
 * From the gradient g of the output to the gradient of z = hW + b and ż = ḣW: φ'g + φ''ż ġ and φ'ġ. `kept` is the output for
 * tanh (all of it can be had from φ and φ'ż), z for SiLU.
 */
export function denseBackward(
  part: i32,
  parts: i32,
  activation: i32,
  dual: bool,
  n: i32,
  columns: i32,
  kept: usize,
  g: usize,
  gradient: usize,
): void {
  const count = n * columns
  const tangent = (<usize>count) << 2
  const end = (<usize>firstOf(count, 4, part + 1, parts)) << 2
  let at = (<usize>firstOf(count, 4, part, parts)) << 2
  while (at < end) {
    const whole = end - at >= 16
    const k = get(kept + at, whole)
    const a = activation === TANH ? k : value4(activation, k)
    const slope = slope4(activation, k, a)
    let above = f32x4.mul(get(g + at, whole), slope)
    if (dual) {
      const below = get(g + at + tangent, whole)
      const rate = get(kept + at + tangent, whole)
      put(gradient + at + tangent, f32x4.mul(below, slope), whole)
      // φ''ż is −2a·ȧ for tanh, where `rate` is ȧ = φ'ż already
      const bend = activation === TANH ? f32x4.mul(f32x4.splat(-2), a) : bend4(activation, k, a, slope)
      above = f32x4.add(above, f32x4.mul(f32x4.mul(bend, rate), below))
    }
    put(gradient + at, above, whole)
    at += whole ? 16 : 4
  }
}

/** Sums of the columns over n rows; every part has its share of the columns. */
export function columnSums(part: i32, parts: i32, n: i32, columns: i32, x: usize, sums: usize): void {
  const first = firstOf(columns, 4, part, parts)
  sumColumns(n, columns, first, firstOf(columns, 4, part + 1, parts), x, sums)
}

/** Sums of the columns first … last − 1, in float64. */
export function sumColumns(n: i32, columns: i32, first: i32, last: i32, x: usize, sums: usize): void {
  const row = (<usize>columns) << 2
  for (let j = first; j < last; ) {
    const whole = last - j >= 4
    let from = x + ((<usize>j) << 2)
    let low = f64x2.splat(0)
    let high = f64x2.splat(0)
    for (let i = 0; i < n; i++) {
      const v = get(from, whole)
      low = f64x2.add(low, f64x2.promote_low_f32x4(v))
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f64>(v, v, 1, 1)))
      from += row
    }
    const sum = v128.shuffle<f64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2)
    put(sums + ((<usize>j) << 2), sum, whole)
    j += whole ? 4 : 1
  }
}
