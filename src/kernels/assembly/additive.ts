import { exp4, firstOf, fma, fnma, tanh4 } from './vector'

// Units of one coordinate each: z = e^a (y − b), Σ_k c tanh z, for n rows of d coordinates and, when `dual`, tangents on the n
// rows below: ż = e^a (ẏ − ḃ) + ȧ z. `coefficients` holds, for every row and coordinate, a, b and c of its units (a multiple of 4) one
// after another, without the `bias`, which is one such row that is added to the values and has no tangent.

/** The sums over the units. `inputs`: rows of `stride` numbers, of which the first d are y; output: [rows, d]. */
export function additiveForward(
  part: i32,
  parts: i32,
  dual: bool,
  n: i32,
  d: i32,
  units: i32,
  stride: i32,
  inputs: usize,
  coefficients: usize,
  bias: usize,
  output: usize,
): void {
  const line = (<usize>units) << 2
  const row = <usize>d * 3 * line
  const tangent = <usize>n * row
  const inputTangent = (<usize>n * <usize>stride) << 2
  const outputTangent = (<usize>n * <usize>d) << 2
  const last = firstOf(n, 1, part + 1, parts)
  for (let r = firstOf(n, 1, part, parts); r < last; r++) {
    let at = coefficients + <usize>r * row
    let base = bias
    let from = inputs + ((<usize>r * <usize>stride) << 2)
    let to = output + ((<usize>r * <usize>d) << 2)
    for (let j = 0; j < d; j++) {
      const y = v128.load32_splat(from)
      let sum = f32x4.splat(0)
      let rate = f32x4.splat(0)
      const dy = dual ? v128.load32_splat(from + inputTangent) : y
      for (let k: usize = 0; k < line; k += 16) {
        const steep = exp4(f32x4.add(v128.load(at + k), v128.load(base + k)))
        const b = f32x4.add(v128.load(at + line + k), v128.load(base + line + k))
        const c = f32x4.add(v128.load(at + 2 * line + k), v128.load(base + 2 * line + k))
        const z = f32x4.mul(steep, f32x4.sub(y, b))
        const t = tanh4(z)
        sum = fma(c, t, sum)
        if (dual) {
          const below = at + tangent + k
          const dz = fma(v128.load(below), z, f32x4.mul(steep, f32x4.sub(dy, v128.load(below + line))))
          const slope = fnma(t, t, f32x4.splat(1))
          rate = fma(v128.load(below + 2 * line), t, fma(f32x4.mul(c, slope), dz, rate))
        }
      }
      store<f32>(to, across(sum))
      if (dual) store<f32>(to + outputTangent, across(rate))
      at += 3 * line
      base += 3 * line
      from += 4
      to += 4
    }
  }
}

/** From the gradient g of the output to that of the coefficients, [rows, d, 3, units]. */
export function additiveBackward(
  part: i32,
  parts: i32,
  dual: bool,
  n: i32,
  d: i32,
  units: i32,
  stride: i32,
  inputs: usize,
  coefficients: usize,
  bias: usize,
  g: usize,
  gradient: usize,
): void {
  const line = (<usize>units) << 2
  const row = <usize>d * 3 * line
  const tangent = <usize>n * row
  const inputTangent = (<usize>n * <usize>stride) << 2
  const outputTangent = (<usize>n * <usize>d) << 2
  const last = firstOf(n, 1, part + 1, parts)
  for (let r = firstOf(n, 1, part, parts); r < last; r++) {
    let at = coefficients + <usize>r * row
    let base = bias
    let to = gradient + <usize>r * row
    let from = inputs + ((<usize>r * <usize>stride) << 2)
    let above = g + ((<usize>r * <usize>d) << 2)
    for (let j = 0; j < d; j++) {
      const y = v128.load32_splat(from)
      const gv = v128.load32_splat(above)
      const dy = dual ? v128.load32_splat(from + inputTangent) : y
      const gt = dual ? v128.load32_splat(above + outputTangent) : y
      for (let k: usize = 0; k < line; k += 16) {
        const steep = exp4(f32x4.add(v128.load(at + k), v128.load(base + k)))
        const b = f32x4.add(v128.load(at + line + k), v128.load(base + line + k))
        const c = f32x4.add(v128.load(at + 2 * line + k), v128.load(base + 2 * line + k))
        const z = f32x4.mul(steep, f32x4.sub(y, b))
        const t = tanh4(z)
        const slope = fnma(t, t, f32x4.splat(1))
        let toC = f32x4.mul(gv, t)
        let toZ = f32x4.mul(gv, c)
        if (dual) {
          const below = at + tangent + k
          const under = to + tangent + k
          const dz = fma(v128.load(below), z, f32x4.mul(steep, f32x4.sub(dy, v128.load(below + line))))
          const toRate = f32x4.mul(f32x4.mul(gt, c), slope)
          toC = fma(f32x4.mul(gt, slope), dz, toC)
          toZ = fma(gt, v128.load(below + 2 * line), toZ)
          toZ = fnma(f32x4.mul(f32x4.splat(2), t), f32x4.mul(f32x4.mul(gt, c), dz), toZ)
          toZ = f32x4.mul(toZ, slope)
          v128.store(to + k, fma(toZ, z, f32x4.mul(toRate, dz)))
          v128.store(under, f32x4.mul(toRate, z))
          v128.store(under + line, f32x4.neg(f32x4.mul(toRate, steep)))
          toZ = fma(toRate, v128.load(below), toZ)
          v128.store(under + 2 * line, f32x4.mul(gt, t))
        } else {
          toZ = f32x4.mul(toZ, slope)
          v128.store(to + k, f32x4.mul(toZ, z))
        }
        v128.store(to + line + k, f32x4.neg(f32x4.mul(toZ, steep)))
        v128.store(to + 2 * line + k, toC)
      }
      at += 3 * line
      base += 3 * line
      to += 3 * line
      from += 4
      above += 4
    }
  }
}

function across(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3)
  )
}
