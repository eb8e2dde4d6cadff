// Score and denoiser of a mixture of factor analysers, in float64 with SIMD over pairs of rows, each at a time of its own. Every density
// has an instance of its own, with memory laid out by src/kernels/factors.ts.
import { Lanes } from './exponential'
import { addProduct, clear, NEGLIGIBLE, pairAt, putQuotients } from './pairs'

/**
 * For each row Σ_k r_k g_k / Σ_k r_k (docs/mathematics.md §1.3): with c = x − μ_k, the posterior mean of the factors u = H Fᵀ(inverse ⊙ c),
 * e = F u and the residual r = c − e
 *
 *     r_k = exp(constant_k − ½ (Σ_i r_i² inverse_i + Σ_j u_j²)),   g_k = offset (μ_k + e) + gain ⊙ r
 *
 * with offset 0 and gains −inverse the score, with offset 1 and gains ψ inverse the denoiser.
 *
 * tables: pairs of constants [K], inverse [K, d], gains [K, d], H [K, q, q], then numbers, means [K, d], F [K, d, q] and the
 * transposes; scratch: K + K d + 2 d + 2 q pairs; x, out: [rows][d], rows even
 */
export function factors(
  tables: usize,
  count: i32,
  dimension: i32,
  rank: i32,
  offset: f64,
  scratch: usize,
  x: usize,
  out: usize,
  rows: i32,
): void {
  const d = <usize>dimension
  const q = <usize>rank
  const size = (<usize>count * d) << 3
  const inverses = tables + ((<usize>count) << 4)
  const gains = inverses + 2 * size
  const inner = gains + 2 * size
  const means = inner + ((<usize>count * q * q) << 4)
  const loadings = means + size
  const transposes = loadings + size * q
  const fitted = scratch + ((<usize>count) << 4)
  const sums = fitted + ((<usize>count * d) << 4)
  const scaled = sums + (d << 4)
  const raw = scaled + (d << 4)
  const u = raw + (q << 4)
  const stride = d << 3
  const shift = f64x2.splat(offset)
  for (let row = 0; row < rows; row += 2) {
    const first = x + <usize>row * stride
    const second = first + stride
    let largest = f64x2.splat(-Infinity)
    for (let k: usize = 0; k < <usize>count; k++) {
      const base = k * d
      const e = fitted + (base << 4)
      for (let i: usize = 0; i < d; i++) {
        const centred = f64x2.sub(pairAt(first, second, i), v128.load_splat<f64>(means + ((base + i) << 3)))
        v128.store(scaled + (i << 4), f64x2.mul(centred, v128.load(inverses + ((base + i) << 4))))
      }
      clear(raw, q)
      addProduct(transposes + ((base * q) << 3), q, d, scaled, raw)
      let quadratic = f64x2.splat(0)
      for (let j: usize = 0; j < q; j++) {
        let sum = f64x2.splat(0)
        const line = inner + (((k * q + j) * q) << 4)
        for (let l: usize = 0; l < q; l++)
          sum = f64x2.add(sum, f64x2.mul(v128.load(line + (l << 4)), v128.load(raw + (l << 4))))
        v128.store(u + (j << 4), sum)
        quadratic = f64x2.add(quadratic, f64x2.mul(sum, sum))
      }
      clear(e, d)
      addProduct(loadings + ((base * q) << 3), d, q, u, e)
      for (let i: usize = 0; i < d; i++) {
        const centred = f64x2.sub(pairAt(first, second, i), v128.load_splat<f64>(means + ((base + i) << 3)))
        const residual = f64x2.sub(centred, v128.load(e + (i << 4)))
        quadratic = f64x2.add(
          quadratic,
          f64x2.mul(f64x2.mul(residual, residual), v128.load(inverses + ((base + i) << 4))),
        )
      }
      const joint = f64x2.sub(v128.load(tables + (k << 4)), f64x2.mul(f64x2.splat(0.5), quadratic))
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
      for (let i: usize = 0; i < d; i++) {
        const mean = v128.load_splat<f64>(means + ((base + i) << 3))
        const at = (base + i) << 4
        const e = v128.load(fitted + at)
        const residual = f64x2.sub(f64x2.sub(pairAt(first, second, i), mean), e)
        const value = f64x2.add(
          f64x2.mul(shift, f64x2.add(mean, e)),
          f64x2.mul(v128.load(gains + at), residual),
        )
        const sum = sums + (i << 4)
        v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(weight, value)))
      }
    }
    const target = out + <usize>row * stride
    putQuotients(sums, d, total, target, target + stride)
  }
}
