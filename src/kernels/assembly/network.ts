// Layers of networks in float64, with SIMD over pairs of columns. Every network has an instance of its own, with memory laid
// out by src/kernels/network.ts. No fused multiply-add, and a row's sums run over its inputs in order: its bits do not
// depend on the machine or on the rows beside it.
import { Lanes } from './exponential'

// biome-ignore lint/complexity/noStaticOnlyClass: a decorator, which inlines, can stand on a method but not on a function
class Layer {
  /** tanh of both lanes to about 1e-16, by exp(−2|x|). */
  @inline
  static tanh(x: v128): v128 {
    const e = Lanes.exponential(f64x2.mul(f64x2.splat(-2), f64x2.abs(x)))
    const size = f64x2.div(f64x2.sub(f64x2.splat(1), e), f64x2.add(f64x2.splat(1), e))
    return v128.bitselect(x, size, f64x2.splat(-0.0))
  }

  /** 1/(1 + exp(−x)) of both lanes. */
  @inline
  static sigmoid(x: v128): v128 {
    const e = Lanes.exponential(f64x2.neg(f64x2.abs(x)))
    const one = f64x2.splat(1)
    return f64x2.div(v128.bitselect(e, one, f64x2.lt(x, f64x2.splat(0))), f64x2.add(one, e))
  }

  @inline
  static put(to: usize, value: v128, curved: bool): void {
    v128.store(to, curved ? Layer.tanh(value) : value)
  }

  @inline
  static step(sum: v128, value: v128, weight: v128): v128 {
    return f64x2.add(sum, f64x2.mul(value, weight))
  }
}

/**
 * out = hW + b, or its tanh.
 *
 * input: [rows] of `inputStride` doubles, of which the first `inputs` are h; rows a multiple of 4; panels: W in panels of 4
 * columns, [inputs][4] each; biases: a double a column; out: [rows] of `outStride` doubles; columns: a multiple of 4
 */
export function layer(
  input: usize,
  inputStride: i32,
  inputs: i32,
  panels: usize,
  biases: usize,
  out: usize,
  outStride: i32,
  columns: i32,
  rows: i32,
  curved: bool,
): void {
  const from = (<usize>inputStride) << 3
  const to = (<usize>outStride) << 3
  const length = (<usize>inputs) << 3
  for (let row: usize = 0; row < <usize>rows; row += 4) {
    const h = input + row * from
    let target = out + row * to
    let panel = panels
    for (let column: usize = 0; column < <usize>columns; column += 4) {
      const bias = biases + (column << 3)
      let a0 = v128.load(bias)
      let a1 = v128.load(bias, 16)
      let b0 = a0
      let b1 = a1
      let c0 = a0
      let c1 = a1
      let d0 = a0
      let d1 = a1
      for (let k: usize = 0; k < length; k += 8) {
        const w0 = v128.load(panel)
        const w1 = v128.load(panel, 16)
        panel += 32
        const a = v128.load_splat<f64>(h + k)
        a0 = Layer.step(a0, a, w0)
        a1 = Layer.step(a1, a, w1)
        const b = v128.load_splat<f64>(h + from + k)
        b0 = Layer.step(b0, b, w0)
        b1 = Layer.step(b1, b, w1)
        const c = v128.load_splat<f64>(h + 2 * from + k)
        c0 = Layer.step(c0, c, w0)
        c1 = Layer.step(c1, c, w1)
        const d = v128.load_splat<f64>(h + 3 * from + k)
        d0 = Layer.step(d0, d, w0)
        d1 = Layer.step(d1, d, w1)
      }
      Layer.put(target, a0, curved)
      Layer.put(target + 16, a1, curved)
      Layer.put(target + to, b0, curved)
      Layer.put(target + to + 16, b1, curved)
      Layer.put(target + 2 * to, c0, curved)
      Layer.put(target + 2 * to + 16, c1, curved)
      Layer.put(target + 3 * to, d0, curved)
      Layer.put(target + 3 * to + 16, d1, curved)
      target += 32
    }
  }
}

/**
 * φ of the values plus biases in place, and φ' times the tangents, on `rows` rows each of `stride` doubles. kind: 0 identity,
 * 1 tanh, 2 sigmoid, 3 silu; biases: a double a column; columns: a multiple of 4
 */
export function curve(
  kind: i32,
  values: usize,
  tangents: usize,
  stride: i32,
  biases: usize,
  columns: i32,
  rows: i32,
): void {
  const one = f64x2.splat(1)
  for (let row: usize = 0; row < <usize>rows; row++) {
    const start = (row * <usize>stride) << 3
    for (let k: usize = 0; k < (<usize>columns) << 3; k += 16) {
      const at = values + start + k
      const z = f64x2.add(v128.load(at), v128.load(biases + k))
      let value = z
      let slope = one
      if (kind === 1) {
        value = Layer.tanh(z)
        slope = f64x2.sub(one, f64x2.mul(value, value))
      } else if (kind > 1) {
        const s = Layer.sigmoid(z)
        const rest = f64x2.sub(one, s)
        value = kind === 2 ? s : f64x2.mul(z, s)
        slope = kind === 2 ? f64x2.mul(s, rest) : f64x2.add(s, f64x2.mul(value, rest))
      }
      v128.store(at, value)
      const below = tangents + start + k
      v128.store(below, f64x2.mul(slope, v128.load(below)))
    }
  }
}

/** h ← h ⊙ gate on [rows] of `columns` doubles, in rows of `stride` and of `gateStride` doubles. */
export function gate(h: usize, stride: i32, gates: usize, gateStride: i32, columns: i32, rows: i32): void {
  for (let row: usize = 0; row < <usize>rows; row++) {
    const at = h + ((row * <usize>stride) << 3)
    const by = gates + ((row * <usize>gateStride) << 3)
    for (let k: usize = 0; k < (<usize>columns) << 3; k += 16)
      v128.store(at + k, f64x2.mul(v128.load(at + k), v128.load(by + k)))
  }
}
