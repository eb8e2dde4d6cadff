import { bend4, slope4, value4 } from './activation'
import { multiply } from './gemm'
import { get, put } from './lanes'
import { MR } from './pack'
import { firstOf, fma } from './vector'

/** φ(hW + τS + b) ⊙ (1 + τC) on n rows and, when `dual`, its tangent on the n rows below. z gets hW + τS + b, m gets τC. */
export function filmForward(
  part: i32,
  parts: i32,
  activation: i32,
  dual: bool,
  n: i32,
  depth: i32,
  features: i32,
  columns: i32,
  h: usize,
  tau: usize,
  w: usize,
  s: usize,
  c: usize,
  b: usize,
  z: usize,
  m: usize,
  output: usize,
): void {
  const first = firstOf(n, MR, part, parts)
  const last = firstOf(n, MR, part + 1, parts)
  const second = dual ? n : 0
  multiply(false, false, columns, depth, h, depth, w, columns, z, columns, false, first, last, second)
  multiply(false, false, columns, features, tau, features, s, columns, z, columns, true, first, last, second)
  multiply(false, false, columns, features, tau, features, c, columns, m, columns, false, first, last, second)
  const row = (<usize>columns) << 2
  const tangent = <usize>n * row
  for (let i = first; i < last; i++) {
    let at = <usize>i * row
    for (let j = 0; j < columns; ) {
      const whole = columns - j >= 4
      const value = f32x4.add(get(z + at, whole), get(b + ((<usize>j) << 2), whole))
      const a = value4(activation, value)
      const gain = f32x4.add(f32x4.splat(1), get(m + at, whole))
      put(z + at, value, whole)
      put(output + at, f32x4.mul(a, gain), whole)
      if (dual) {
        const rate = f32x4.mul(slope4(activation, value, a), get(z + at + tangent, whole))
        const bent = f32x4.mul(a, get(m + at + tangent, whole))
        put(output + at + tangent, fma(rate, gain, bent), whole)
      }
      j += whole ? 4 : 1
      at += whole ? 16 : 4
    }
  }
}

/** From the gradient g of the output to the gradients dz of hW + τS + b and dm of τC, and of their tangents. */
export function filmBackward(
  part: i32,
  parts: i32,
  activation: i32,
  dual: bool,
  n: i32,
  columns: i32,
  z: usize,
  m: usize,
  g: usize,
  dz: usize,
  dm: usize,
): void {
  const count = n * columns
  const tangent = (<usize>count) << 2
  const end = (<usize>firstOf(count, 4, part + 1, parts)) << 2
  let at = (<usize>firstOf(count, 4, part, parts)) << 2
  while (at < end) {
    const whole = end - at >= 16
    const value = get(z + at, whole)
    const a = value4(activation, value)
    const slope = slope4(activation, value, a)
    const gain = f32x4.add(f32x4.splat(1), get(m + at, whole))
    const above = get(g + at, whole)
    let toA = f32x4.mul(above, gain)
    let toM = f32x4.mul(above, a)
    let toZ: v128
    if (dual) {
      const below = get(g + at + tangent, whole)
      const zRate = get(z + at + tangent, whole)
      const toRate = f32x4.mul(below, gain)
      toA = fma(below, get(m + at + tangent, whole), toA)
      toM = fma(below, f32x4.mul(slope, zRate), toM)
      put(dz + at + tangent, f32x4.mul(toRate, slope), whole)
      put(dm + at + tangent, f32x4.mul(below, a), whole)
      toZ = fma(f32x4.mul(toRate, zRate), bend4(activation, value, a, slope), f32x4.mul(toA, slope))
    } else {
      toZ = f32x4.mul(toA, slope)
    }
    put(dz + at, toZ, whole)
    put(dm + at, toM, whole)
    at += whole ? 16 : 4
  }
}
