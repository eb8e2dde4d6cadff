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

/**
 * The same for 6 rows of A as they are, `line` bytes apart, instead of a packed panel: what one block of rows is multiplied with
 * once needs no packing.
 */
export function innerRows(
  depth: i32,
  a: usize,
  line: usize,
  b: usize,
  c: usize,
  row: usize,
  add: bool,
): void {
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
  let p0 = a
  let p1 = p0 + line
  let p2 = p1 + line
  let p3 = p2 + line
  let p4 = p3 + line
  let p5 = p4 + line
  const end = b + ((<usize>depth) << 5)
  while (b < end) {
    const b00 = v128.load(b, 0)
    const b10 = v128.load(b, 16)
    const a00 = v128.load32_splat(p0, 0)
    s00 = fma(a00, b00, s00)
    s01 = fma(a00, b10, s01)
    const a10 = v128.load32_splat(p1, 0)
    s10 = fma(a10, b00, s10)
    s11 = fma(a10, b10, s11)
    const a20 = v128.load32_splat(p2, 0)
    s20 = fma(a20, b00, s20)
    s21 = fma(a20, b10, s21)
    const a30 = v128.load32_splat(p3, 0)
    s30 = fma(a30, b00, s30)
    s31 = fma(a30, b10, s31)
    const a40 = v128.load32_splat(p4, 0)
    s40 = fma(a40, b00, s40)
    s41 = fma(a40, b10, s41)
    const a50 = v128.load32_splat(p5, 0)
    s50 = fma(a50, b00, s50)
    s51 = fma(a50, b10, s51)
    p0 += 4
    p1 += 4
    p2 += 4
    p3 += 4
    p4 += 4
    p5 += 4
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
