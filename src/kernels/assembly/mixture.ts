// Score and denoiser of a Gaussian mixture at one time, in float64 with SIMD over pairs of rows. Every density has an
// instance of its own, with memory laid out by src/kernels/mixture.ts.
import { Lanes } from './exponential'

/**
 * For each row Σ_k r_k g_k / Σ_k r_k, r_k = exp(constant_k − ½ Σ_j z_kj² inverse_kj), z_k = Q_kᵀ(x − μ_k):
 * with offset 0 and gains −inverse the score, with offset 1 and gains λ inverse the denoiser:
 * g_k = offset μ_k + Q_k (gain_k ⊙ z_k).
 *
 * tables: constants [K], then inverse [K, d], gains [K, d], means [K, d], vectors [K, d, d] (column j is an eigenvector);
 * scratch: K + K d + d pairs; x, out: [rows][d], rows even
 */
export function mixture(
  tables: usize,
  count: i32,
  dimension: i32,
  offset: f64,
  scratch: usize,
  x: usize,
  out: usize,
  rows: i32,
): void {
  const d = <usize>dimension
  const size = (<usize>count * d) << 3
  const inverses = tables + ((<usize>count) << 3)
  const gains = inverses + size
  const means = gains + size
  const vectors = means + size
  const zs = scratch + ((<usize>count) << 4)
  const sums = zs + ((<usize>count * d) << 4)
  const stride = d << 3
  const shift = f64x2.splat(offset)
  for (let row = 0; row < rows; row += 2) {
    const first = x + <usize>row * stride
    const second = first + stride
    let largest = f64x2.splat(-Infinity)
    for (let k: usize = 0; k < <usize>count; k++) {
      const base = k * d
      let quadratic = f64x2.splat(0)
      for (let j: usize = 0; j < d; j++) {
        let sum = f64x2.splat(0)
        for (let i: usize = 0; i < d; i++) {
          const pair = v128.load_lane<f64>(second + (i << 3), v128.load_zero<f64>(first + (i << 3)), 1)
          const centred = f64x2.sub(pair, v128.load_splat<f64>(means + ((base + i) << 3)))
          sum = f64x2.add(
            sum,
            f64x2.mul(v128.load_splat<f64>(vectors + (((base + i) * d + j) << 3)), centred),
          )
        }
        v128.store(zs + ((base + j) << 4), sum)
        const square = f64x2.mul(sum, sum)
        quadratic = f64x2.add(
          quadratic,
          f64x2.mul(square, v128.load_splat<f64>(inverses + ((base + j) << 3))),
        )
      }
      const half = f64x2.mul(f64x2.splat(0.5), quadratic)
      const joint = f64x2.sub(v128.load_splat<f64>(tables + (k << 3)), half)
      v128.store(scratch + (k << 4), joint)
      largest = f64x2.max(largest, joint)
    }
    let total = f64x2.splat(0)
    for (let i: usize = 0; i < d; i++) v128.store(sums + (i << 4), f64x2.splat(0))
    for (let k: usize = 0; k < <usize>count; k++) {
      const base = k * d
      const weight = Lanes.exponential(f64x2.sub(v128.load(scratch + (k << 4)), largest))
      total = f64x2.add(total, weight)
      const moved = f64x2.mul(weight, shift)
      for (let i: usize = 0; i < d; i++) {
        let sum = f64x2.mul(moved, v128.load_splat<f64>(means + ((base + i) << 3)))
        for (let j: usize = 0; j < d; j++) {
          const gain = f64x2.mul(
            v128.load_splat<f64>(gains + ((base + j) << 3)),
            v128.load(zs + ((base + j) << 4)),
          )
          const vector = v128.load_splat<f64>(vectors + (((base + i) * d + j) << 3))
          sum = f64x2.add(sum, f64x2.mul(f64x2.mul(weight, gain), vector))
        }
        v128.store(sums + (i << 4), f64x2.add(v128.load(sums + (i << 4)), sum))
      }
    }
    const target = out + <usize>row * stride
    for (let i: usize = 0; i < d; i++) {
      const value = f64x2.div(v128.load(sums + (i << 4)), total)
      v128.store_lane<f64>(target + (i << 3), value, 0)
      v128.store_lane<f64>(target + stride + (i << 3), value, 1)
    }
  }
}
