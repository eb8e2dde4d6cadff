// Score and denoiser of a product of 1-D mixtures in a rotated basis at one time, in float64 with SIMD over pairs of rows.
// Every density has an instance of its own, with memory laid out by src/kernels/product.ts.
import { Lanes } from './exponential'

/** out_i = Σ_j M_ij in_j for pairs of rows, M [d, d] row-major; four outputs at a time, so that additions overlap. */
function rotate(matrix: usize, d: usize, from: usize, out: usize): void {
  const bytes = d << 3
  let i: usize = 0
  for (; i + 4 <= d; i += 4) {
    const row = matrix + i * bytes
    let a = f64x2.splat(0)
    let b = f64x2.splat(0)
    let c = f64x2.splat(0)
    let e = f64x2.splat(0)
    for (let j: usize = 0; j < d; j++) {
      const value = v128.load(from + (j << 4))
      const at = row + (j << 3)
      a = f64x2.add(a, f64x2.mul(v128.load_splat<f64>(at), value))
      b = f64x2.add(b, f64x2.mul(v128.load_splat<f64>(at + bytes), value))
      c = f64x2.add(c, f64x2.mul(v128.load_splat<f64>(at + 2 * bytes), value))
      e = f64x2.add(e, f64x2.mul(v128.load_splat<f64>(at + 3 * bytes), value))
    }
    const target = out + (i << 4)
    v128.store(target, a)
    v128.store(target, b, 16)
    v128.store(target, c, 32)
    v128.store(target, e, 48)
  }
  for (; i < d; i++) {
    let sum = f64x2.splat(0)
    for (let j: usize = 0; j < d; j++)
      sum = f64x2.add(
        sum,
        f64x2.mul(v128.load_splat<f64>(matrix + i * bytes + (j << 3)), v128.load(from + (j << 4))),
      )
    v128.store(out + (i << 4), sum)
  }
}

/**
 * For each row out = Rᵀ g, z = R x, g_i = Σ_k r_k (offset μ_k + gain_k (z_i − μ_k)) over the components k of coordinate i.
 *
 * rotated: false for R = I, then there are no matrices; matrices: R, then Rᵀ, [d, d] each; starts: first component of each coordinate and their number, d + 1 int32;
 * tables: constants, inverses, gains, means, `total` doubles each; scratch: 2 d + the most components of a coordinate pairs;
 * x, out: [rows][d], rows even
 */
export function product(
  rotated: bool,
  matrices: usize,
  starts: usize,
  tables: usize,
  total: i32,
  dimension: i32,
  offset: f64,
  scratch: usize,
  x: usize,
  out: usize,
  rows: i32,
): void {
  const d = <usize>dimension
  const bytes = (<usize>total) << 3
  const stride = d << 3
  const z = scratch + (d << 4)
  const joints = z + (d << 4)
  const shift = f64x2.splat(offset)
  for (let row = 0; row < rows; row += 2) {
    const first = x + <usize>row * stride
    for (let i: usize = 0; i < d; i++) {
      const pair = v128.load_lane<f64>(first + stride + (i << 3), v128.load_zero<f64>(first + (i << 3)), 1)
      v128.store(scratch + (i << 4), pair)
    }
    if (rotated) rotate(matrices, d, scratch, z)
    else memory.copy(z, scratch, d << 4)
    for (let i: usize = 0; i < d; i++) {
      const value = v128.load(z + (i << 4))
      const begin = (<usize>load<i32>(starts + (i << 2))) << 3
      const end = (<usize>load<i32>(starts + (i << 2), 4)) << 3
      let largest = f64x2.splat(-Infinity)
      for (let k = begin; k < end; k += 8) {
        const at = tables + k
        const distance = f64x2.sub(value, v128.load_splat<f64>(at + 3 * bytes))
        const quadratic = f64x2.mul(f64x2.mul(distance, distance), v128.load_splat<f64>(at + bytes))
        const joint = f64x2.sub(v128.load_splat<f64>(at), f64x2.mul(f64x2.splat(0.5), quadratic))
        v128.store(joints + ((k - begin) << 1), joint)
        largest = f64x2.max(largest, joint)
      }
      let sum = f64x2.splat(0)
      let moment = f64x2.splat(0)
      for (let k = begin; k < end; k += 8) {
        const at = tables + k
        const mean = v128.load_splat<f64>(at + 3 * bytes)
        const weight = Lanes.exponential(f64x2.sub(v128.load(joints + ((k - begin) << 1)), largest))
        const gain = f64x2.mul(v128.load_splat<f64>(at + 2 * bytes), f64x2.sub(value, mean))
        sum = f64x2.add(sum, weight)
        moment = f64x2.add(moment, f64x2.mul(weight, f64x2.add(f64x2.mul(shift, mean), gain)))
      }
      v128.store(z + (i << 4), f64x2.div(moment, sum))
    }
    if (rotated) rotate(matrices + d * stride, d, z, scratch)
    else memory.copy(scratch, z, d << 4)
    const target = out + <usize>row * stride
    for (let i: usize = 0; i < d; i++) {
      const value = v128.load(scratch + (i << 4))
      v128.store_lane<f64>(target + (i << 3), value, 0)
      v128.store_lane<f64>(target + stride + (i << 3), value, 1)
    }
  }
}
