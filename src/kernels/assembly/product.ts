// Score and denoiser of a product of 1-D mixtures in a rotated basis, in float64 with SIMD over pairs of rows, each at a time of its own.
// Every density has an instance of its own, with memory laid out by src/kernels/product.ts.
import { Lanes } from './exponential'
import { addProduct, clear, pairAt } from './pairs'

/**
 * For each row out = Rᵀ g, z = R x, g_i = Σ_k r_k (offset μ_k + gain_k (z_i − μ_k)) over the components k of coordinate i.
 *
 * rotated: false for R = I, then there are no matrices; matrices: R, then Rᵀ, [d, d] each; starts: first component of each coordinate and their number, d + 1 int32;
 * tables: pairs of constants, inverses, gains, `total` each, then the means as numbers; scratch: 2 d + the most components of a coordinate pairs;
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
  const bytes = (<usize>total) << 4
  const means = tables + 3 * bytes
  const stride = d << 3
  const z = scratch + (d << 4)
  const joints = z + (d << 4)
  const shift = f64x2.splat(offset)
  for (let row = 0; row < rows; row += 2) {
    const first = x + <usize>row * stride
    for (let i: usize = 0; i < d; i++) {
      v128.store(scratch + (i << 4), pairAt(first, first + stride, i))
    }
    if (rotated) {
      clear(z, d)
      addProduct(matrices, d, d, scratch, z)
    } else memory.copy(z, scratch, d << 4)
    for (let i: usize = 0; i < d; i++) {
      const value = v128.load(z + (i << 4))
      const begin = (<usize>load<i32>(starts + (i << 2))) << 4
      const end = (<usize>load<i32>(starts + (i << 2), 4)) << 4
      let largest = f64x2.splat(-Infinity)
      for (let k = begin; k < end; k += 16) {
        const at = tables + k
        const distance = f64x2.sub(value, v128.load_splat<f64>(means + (k >> 1)))
        const quadratic = f64x2.mul(f64x2.mul(distance, distance), v128.load(at + bytes))
        const joint = f64x2.sub(v128.load(at), f64x2.mul(f64x2.splat(0.5), quadratic))
        v128.store(joints + (k - begin), joint)
        largest = f64x2.pmax(joint, largest)
      }
      let sum = f64x2.splat(0)
      let moment = f64x2.splat(0)
      for (let k = begin; k < end; k += 16) {
        const at = tables + k
        const mean = v128.load_splat<f64>(means + (k >> 1))
        const weight = Lanes.exponential(f64x2.sub(v128.load(joints + (k - begin)), largest))
        const gain = f64x2.mul(v128.load(at + 2 * bytes), f64x2.sub(value, mean))
        sum = f64x2.add(sum, weight)
        moment = f64x2.add(moment, f64x2.mul(weight, f64x2.add(f64x2.mul(shift, mean), gain)))
      }
      v128.store(z + (i << 4), f64x2.div(moment, sum))
    }
    if (rotated) {
      clear(scratch, d)
      addProduct(matrices + d * stride, d, d, z, scratch)
    } else memory.copy(scratch, z, d << 4)
    const target = out + <usize>row * stride
    for (let i: usize = 0; i < d; i++) {
      const value = v128.load(scratch + (i << 4))
      v128.store_lane<f64>(target + (i << 3), value, 0)
      v128.store_lane<f64>(target + stride + (i << 3), value, 1)
    }
  }
}
