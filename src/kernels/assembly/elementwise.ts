import { exp4, firstOf, sigmoid4, tanh4 } from './vector'

// All of these work on whole vectors of four: every block of memory is a multiple of 16 bytes long, and what lies past its last
// number is never read as a result.

/** y = op(x): 0 tanh, 1 sigmoid, 2 exp, 3 square, 4 square root, 5 minus. */
export function unary(part: i32, parts: i32, op: i32, count: i32, x: usize, y: usize): void {
  const end = (<usize>firstOf(count, 4, part + 1, parts)) << 2
  for (let at = (<usize>firstOf(count, 4, part, parts)) << 2; at < end; at += 16) {
    const v = v128.load(x + at)
    let r: v128
    if (op === 0) r = tanh4(v)
    else if (op === 1) r = sigmoid4(v)
    else if (op === 2) r = exp4(v)
    else if (op === 3) r = f32x4.mul(v, v)
    else if (op === 4) r = f32x4.sqrt(v)
    else r = f32x4.neg(v)
    v128.store(y + at, r)
  }
}

function apply(op: i32, a: v128, b: v128): v128 {
  if (op === 0) return f32x4.add(a, b)
  if (op === 1) return f32x4.sub(a, b)
  if (op === 2) return f32x4.mul(a, b)
  return f32x4.div(a, b)
}

/** y = a op b: 0 +, 1 −, 2 ×, 3 ÷. `single` says which of the two is one number for all: 0 none, 1 a, 2 b. */
export function binary(
  part: i32,
  parts: i32,
  op: i32,
  single: i32,
  count: i32,
  a: usize,
  b: usize,
  y: usize,
): void {
  const end = (<usize>firstOf(count, 4, part + 1, parts)) << 2
  let at = (<usize>firstOf(count, 4, part, parts)) << 2
  if (single === 0) {
    for (; at < end; at += 16) v128.store(y + at, apply(op, v128.load(a + at), v128.load(b + at)))
  } else if (single === 1) {
    const s = v128.load32_splat(a)
    for (; at < end; at += 16) v128.store(y + at, apply(op, s, v128.load(b + at)))
  } else {
    const s = v128.load32_splat(b)
    for (; at < end; at += 16) v128.store(y + at, apply(op, v128.load(a + at), s))
  }
}

/** y = x₀ + x₁ + …, the sum of `terms` arrays of `count` numbers that follow each other. */
export function addUp(part: i32, parts: i32, terms: i32, count: i32, x: usize, y: usize): void {
  const first = firstOf(count, 4, part, parts)
  addLines(terms, (<usize>count) << 2, first, firstOf(count, 4, part + 1, parts), x, y)
}

/** The numbers first … last − 1 of y = x₀ + x₁ + …, for terms that are `line` bytes apart. */
export function addLines(terms: i32, line: usize, first: i32, last: i32, x: usize, y: usize): void {
  const end = (<usize>last) << 2
  for (let at = (<usize>first) << 2; at < end; at += 16) {
    let from = x + at
    let sum = v128.load(from)
    for (let k = 1; k < terms; k++) {
      from += line
      sum = f32x4.add(sum, v128.load(from))
    }
    v128.store(y + at, sum)
  }
}

/** The sum of all numbers, added up in float64. */
export function total(count: i32, x: usize): f64 {
  let even = f64x2.splat(0)
  let odd = f64x2.splat(0)
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const v = v128.load(x)
    even = f64x2.add(even, f64x2.promote_low_f32x4(v))
    odd = f64x2.add(odd, f64x2.promote_low_f32x4(v128.shuffle<f64>(v, v, 1, 1)))
    x += 16
  }
  const both = f64x2.add(even, odd)
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1)
  for (; i < count; i++) {
    sum += <f64>load<f32>(x)
    x += 4
  }
  return sum
}
