/** Sums over pairs of rows, one row a lane of f64x2: vectors are stored as pairs, tables as numbers. */

/** A component of a mixture so many nats below the largest adds 2e-35 of the sum: nothing, and it costs no more. */
export const NEGLIGIBLE: f64 = -80

/** The values i of two rows. */
export function pairAt(first: usize, second: usize, i: usize): v128 {
  return v128.load_lane<f64>(second + (i << 3), v128.load_zero<f64>(first + (i << 3)), 1)
}

/** out_i += Σ_j M_ij in_j, M [rows, columns] row-major; four outputs at a time, so that additions overlap. */
export function addProduct(matrix: usize, rows: usize, columns: usize, from: usize, out: usize): void {
  const bytes = columns << 3
  let i: usize = 0
  for (; i + 4 <= rows; i += 4) {
    const row = matrix + i * bytes
    const target = out + (i << 4)
    let a = v128.load(target)
    let b = v128.load(target, 16)
    let c = v128.load(target, 32)
    let e = v128.load(target, 48)
    for (let j: usize = 0; j < columns; j++) {
      const value = v128.load(from + (j << 4))
      const at = row + (j << 3)
      a = f64x2.add(a, f64x2.mul(v128.load_splat<f64>(at), value))
      b = f64x2.add(b, f64x2.mul(v128.load_splat<f64>(at + bytes), value))
      c = f64x2.add(c, f64x2.mul(v128.load_splat<f64>(at + 2 * bytes), value))
      e = f64x2.add(e, f64x2.mul(v128.load_splat<f64>(at + 3 * bytes), value))
    }
    v128.store(target, a)
    v128.store(target, b, 16)
    v128.store(target, c, 32)
    v128.store(target, e, 48)
  }
  for (; i < rows; i++) {
    let sum = v128.load(out + (i << 4))
    for (let j: usize = 0; j < columns; j++)
      sum = f64x2.add(
        sum,
        f64x2.mul(v128.load_splat<f64>(matrix + i * bytes + (j << 3)), v128.load(from + (j << 4))),
      )
    v128.store(out + (i << 4), sum)
  }
}

/** Zeros in `count` pairs. */
export function clear(at: usize, count: usize): void {
  // in two dimensions a call of memory.fill costs more than all else
  for (let i: usize = 0; i < count; i++) v128.store(at + (i << 4), f64x2.splat(0))
}

/** The quotients of `count` pairs by one pair, as two rows. */
export function putQuotients(from: usize, count: usize, by: v128, first: usize, second: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const value = f64x2.div(v128.load(from + (i << 4)), by)
    v128.store_lane<f64>(first + (i << 3), value, 0)
    v128.store_lane<f64>(second + (i << 3), value, 1)
  }
}
