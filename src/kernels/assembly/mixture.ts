// Score and denoiser of a Gaussian mixture, in float64 with SIMD over pairs of rows, each at a time of its own. Every density has an
// instance of its own, with memory laid out by src/kernels/mixture.ts.
import { Lanes } from './exponential'
import { addProduct, clear, NEGLIGIBLE, pairAt, putQuotients } from './pairs'

/**
 * For each row Σ_k r_k g_k / Σ_k r_k, r_k = exp(constant_k − ½ Σ_j z_kj² inverse_kj), z_k = Q_kᵀ(x − μ_k):
 * with offset 0 and gains −inverse the score, with offset 1 and gains λ inverse the denoiser:
 * g_k = offset μ_k + Q_k (gain_k ⊙ z_k).
 *
 * tables: pairs of constants [K], inverse [K, d], gains [K, d], then numbers, means [K, d], vectors [K, d, d] (column j is an
 * eigenvector) and their transposes; scratch: K + K d + 2 d pairs; x, out: [rows][d], rows even
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
  const inverses = tables + ((<usize>count) << 4)
  const gains = inverses + 2 * size
  const means = gains + 2 * size
  const vectors = means + size
  const transposes = vectors + size * d
  const zs = scratch + ((<usize>count) << 4)
  const sums = zs + ((<usize>count * d) << 4)
  const own = sums + (d << 4)
  const stride = d << 3
  const shift = f64x2.splat(offset)
  for (let row = 0; row < rows; row += 2) {
    const first = x + <usize>row * stride
    const second = first + stride
    let largest = f64x2.splat(-Infinity)
    for (let k: usize = 0; k < <usize>count; k++) {
      const base = k * d
      const z = zs + (base << 4)
      for (let i: usize = 0; i < d; i++)
        v128.store(
          own + (i << 4),
          f64x2.sub(pairAt(first, second, i), v128.load_splat<f64>(means + ((base + i) << 3))),
        )
      clear(z, d)
      addProduct(transposes + ((base * d) << 3), d, d, own, z)
      let quadratic = f64x2.splat(0)
      for (let j: usize = 0; j < d; j++) {
        const value = v128.load(z + (j << 4))
        quadratic = f64x2.add(
          quadratic,
          f64x2.mul(f64x2.mul(value, value), v128.load(inverses + ((base + j) << 4))),
        )
      }
      const half = f64x2.mul(f64x2.splat(0.5), quadratic)
      const joint = f64x2.sub(v128.load(tables + (k << 4)), half)
      v128.store(scratch + (k << 4), joint)
      largest = f64x2.pmax(joint, largest)
    }
    let total = f64x2.splat(0)
    clear(sums, d)
    for (let k: usize = 0; k < <usize>count; k++) {
      const base = k * d
      const below = f64x2.sub(v128.load(scratch + (k << 4)), largest)
      const counts = f64x2.gt(below, f64x2.splat(NEGLIGIBLE))
      if (!v128.any_true(counts)) continue
      const weight = v128.and(Lanes.exponential(below), counts)
      total = f64x2.add(total, weight)
      const moved = f64x2.mul(weight, shift)
      for (let i: usize = 0; i < d; i++) {
        v128.store(own + (i << 4), f64x2.mul(moved, v128.load_splat<f64>(means + ((base + i) << 3))))
        const at = (base + i) << 4
        const gain = f64x2.mul(v128.load(gains + at), v128.load(zs + at))
        v128.store(zs + at, f64x2.mul(weight, gain))
      }
      addProduct(vectors + ((base * d) << 3), d, d, zs + (base << 4), own)
      for (let i: usize = 0; i < d; i++) {
        const at = sums + (i << 4)
        v128.store(at, f64x2.add(v128.load(at), v128.load(own + (i << 4))))
      }
    }
    const target = out + <usize>row * stride
    putQuotients(sums, d, total, target, target + stride)
  }
}
