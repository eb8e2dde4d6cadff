// The posterior of an equally weighted isotropic Gaussian mixture, in float64 with SIMD over the centres. A module of its
// own: every density has an instance with its own memory, laid out by src/kernels/kernel-density.ts.

import { Lanes } from './exponential'

/**
 * For each row: the smallest squared distance to a centre, Σ exp(−(d² − d²_min)/(2 v)), and the mean of the centres with
 * those weights.
 *
 * centres: [dimension][padded] doubles, padded even; squares: scratch of `padded` doubles; x: [rows][dimension]; variances: [rows];
 * out: [rows][dimension + 2] as mean, d²_min, total; cut: how far beyond the nearest, in units of 2 v, a centre still counts
 */
export function respond(
  centres: usize,
  padded: i32,
  dimension: i32,
  squares: usize,
  x: usize,
  variances: usize,
  out: usize,
  rows: i32,
  cut: f64,
): void {
  const bytes = (<usize>padded) << 3
  const stride = (<usize>dimension) << 3
  for (let row = 0; row < rows; row++) {
    const at = x + <usize>row * stride
    const target = out + <usize>row * (stride + 16)
    const variance = load<f64>(variances + ((<usize>row) << 3))
    let smallest = f64x2.splat(Infinity)
    for (let k: usize = 0; k < bytes; k += 16) {
      let sum = f64x2.splat(0)
      for (let i: usize = 0; i < <usize>dimension; i++) {
        const difference = f64x2.sub(v128.load_splat<f64>(at + (i << 3)), v128.load(centres + i * bytes + k))
        sum = f64x2.add(sum, f64x2.mul(difference, difference))
      }
      v128.store(squares + k, sum)
      smallest = f64x2.pmin(sum, smallest)
    }
    const nearest = min(f64x2.extract_lane(smallest, 0), f64x2.extract_lane(smallest, 1))
    const limit = f64x2.splat(nearest + cut * 2 * variance)
    const rate = f64x2.splat(-0.5 / variance)
    const base = f64x2.splat(nearest)
    let total = f64x2.splat(0)
    if (dimension === 2) {
      let first = f64x2.splat(0)
      let second = f64x2.splat(0)
      for (let k: usize = 0; k < bytes; k += 16) {
        const square = v128.load(squares + k)
        if (!v128.any_true(f64x2.le(square, limit))) continue
        const weight = Lanes.exponential(f64x2.mul(rate, f64x2.sub(square, base)))
        total = f64x2.add(total, weight)
        first = f64x2.add(first, f64x2.mul(weight, v128.load(centres + k)))
        second = f64x2.add(second, f64x2.mul(weight, v128.load(centres + bytes + k)))
      }
      const sum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1)
      store<f64>(target, (f64x2.extract_lane(first, 0) + f64x2.extract_lane(first, 1)) / sum)
      store<f64>(target + 8, (f64x2.extract_lane(second, 0) + f64x2.extract_lane(second, 1)) / sum)
      store<f64>(target + 16, nearest)
      store<f64>(target + 24, sum)
      continue
    }
    for (let k: usize = 0; k < bytes; k += 16) {
      const square = v128.load(squares + k)
      const weight = v128.any_true(f64x2.le(square, limit))
        ? Lanes.exponential(f64x2.mul(rate, f64x2.sub(square, base)))
        : f64x2.splat(0)
      total = f64x2.add(total, weight)
      v128.store(squares + k, weight)
    }
    const sum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1)
    for (let i: usize = 0; i < <usize>dimension; i++) {
      let mean = f64x2.splat(0)
      for (let k: usize = 0; k < bytes; k += 16)
        mean = f64x2.add(mean, f64x2.mul(v128.load(squares + k), v128.load(centres + i * bytes + k)))
      store<f64>(target + (i << 3), (f64x2.extract_lane(mean, 0) + f64x2.extract_lane(mean, 1)) / sum)
    }
    store<f64>(target + stride, nearest)
    store<f64>(target + stride + 8, sum)
  }
}
