import { firstOf, fma } from './vector'

// One job steps all variables: `list` has words for every one of `variables`, the count of its numbers and the addresses.

function word(list: usize, index: i32): i32 {
  return load<i32>(list + ((<usize>index) << 2))
}

/**
 * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², value ← value − rate · m / (√(v/c₂) + ε); `rate` holds 1/c₁ already. Five words a
 * variable: count, value, g, m, v.
 */
export function adamStep(
  part: i32,
  parts: i32,
  list: usize,
  variables: i32,
  rate: f32,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  epsilon: f32,
  correction2: f32,
): void {
  for (let k = 0; k < 5 * variables; k += 5) {
    const count = word(list, k)
    const value: usize = word(list, k + 1)
    const g: usize = word(list, k + 2)
    const m: usize = word(list, k + 3)
    const v: usize = word(list, k + 4)
    const end = (<usize>firstOf(count, 4, part + 1, parts)) << 2
    for (let at = (<usize>firstOf(count, 4, part, parts)) << 2; at < end; at += 16) {
      const gradient = v128.load(g + at)
      const mean = fma(f32x4.splat(beta1), v128.load(m + at), f32x4.mul(f32x4.splat(rest1), gradient))
      const square = f32x4.mul(f32x4.splat(rest2), f32x4.mul(gradient, gradient))
      const power = fma(f32x4.splat(beta2), v128.load(v + at), square)
      v128.store(m + at, mean)
      v128.store(v + at, power)
      const root = f32x4.add(f32x4.sqrt(f32x4.div(power, f32x4.splat(correction2))), f32x4.splat(epsilon))
      const step = f32x4.div(f32x4.mul(f32x4.splat(rate), mean), root)
      v128.store(value + at, f32x4.sub(v128.load(value + at), step))
    }
  }
}

/** v ← β₂v + (1−β₂)g², y = rate · m / (√(v/c₂) + ε): Adam's step without the mean's update, for a rotated gradient and mean. */
export function adamDirection(
  part: i32,
  parts: i32,
  count: i32,
  g: usize,
  m: usize,
  v: usize,
  y: usize,
  rate: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  correction2: f32,
): void {
  const end = (<usize>firstOf(count, 4, part + 1, parts)) << 2
  for (let at = (<usize>firstOf(count, 4, part, parts)) << 2; at < end; at += 16) {
    const gradient = v128.load(g + at)
    const square = f32x4.mul(f32x4.splat(rest2), f32x4.mul(gradient, gradient))
    const power = fma(f32x4.splat(beta2), v128.load(v + at), square)
    v128.store(v + at, power)
    const root = f32x4.add(f32x4.sqrt(f32x4.div(power, f32x4.splat(correction2))), f32x4.splat(epsilon))
    v128.store(y + at, f32x4.div(f32x4.mul(f32x4.splat(rate), v128.load(m + at)), root))
  }
}

/** y ← p y + q x. Three words a variable: count, y, x. */
export function blend(part: i32, parts: i32, list: usize, variables: i32, p: f32, q: f32): void {
  for (let k = 0; k < 3 * variables; k += 3) {
    const count = word(list, k)
    const y: usize = word(list, k + 1)
    const x: usize = word(list, k + 2)
    const end = (<usize>firstOf(count, 4, part + 1, parts)) << 2
    for (let at = (<usize>firstOf(count, 4, part, parts)) << 2; at < end; at += 16) {
      const part = f32x4.mul(f32x4.splat(q), v128.load(x + at))
      v128.store(y + at, fma(f32x4.splat(p), v128.load(y + at), part))
    }
  }
}
