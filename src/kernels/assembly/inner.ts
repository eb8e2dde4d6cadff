import { fma } from './vector'

/**
 * C (+)= A B for one packed panel of 6 rows and one of 8 columns, depth k. Twelve sums stay in registers: with two vectors of B
 * and one of A they fill what x86-64 has. The sums start from C, because adding C at the end costs V8 a register too many and
 * half the speed.
 */
export function inner(depth: i32, a: usize, b: usize, c: usize, row: usize, add: bool): void {
  let s00 = f32x4.splat(0)
  let s01 = f32x4.splat(0)
  let s10 = f32x4.splat(0)
  let s11 = f32x4.splat(0)
  let s20 = f32x4.splat(0)
  let s21 = f32x4.splat(0)
  let s30 = f32x4.splat(0)
  let s31 = f32x4.splat(0)
  let s40 = f32x4.splat(0)
  let s41 = f32x4.splat(0)
  let s50 = f32x4.splat(0)
  let s51 = f32x4.splat(0)
  if (add) {
    let r = c
    s00 = v128.load(r)
    s01 = v128.load(r, 16)
    r += row
    s10 = v128.load(r)
    s11 = v128.load(r, 16)
    r += row
    s20 = v128.load(r)
    s21 = v128.load(r, 16)
    r += row
    s30 = v128.load(r)
    s31 = v128.load(r, 16)
    r += row
    s40 = v128.load(r)
    s41 = v128.load(r, 16)
    r += row
    s50 = v128.load(r)
    s51 = v128.load(r, 16)
  }
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    const a0 = v128.load32_splat(a)
    s00 = fma(a0, b0, s00)
    s01 = fma(a0, b1, s01)
    const a1 = v128.load32_splat(a, 4)
    s10 = fma(a1, b0, s10)
    s11 = fma(a1, b1, s11)
    const a2 = v128.load32_splat(a, 8)
    s20 = fma(a2, b0, s20)
    s21 = fma(a2, b1, s21)
    const a3 = v128.load32_splat(a, 12)
    s30 = fma(a3, b0, s30)
    s31 = fma(a3, b1, s31)
    const a4 = v128.load32_splat(a, 16)
    s40 = fma(a4, b0, s40)
    s41 = fma(a4, b1, s41)
    const a5 = v128.load32_splat(a, 20)
    s50 = fma(a5, b0, s50)
    s51 = fma(a5, b1, s51)
    a += 24
    b += 32
  }
  v128.store(c, s00)
  v128.store(c, s01, 16)
  c += row
  v128.store(c, s10)
  v128.store(c, s11, 16)
  c += row
  v128.store(c, s20)
  v128.store(c, s21, 16)
  c += row
  v128.store(c, s30)
  v128.store(c, s31, 16)
  c += row
  v128.store(c, s40)
  v128.store(c, s41, 16)
  c += row
  v128.store(c, s50)
  v128.store(c, s51, 16)
}
