// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { Flow } from './flow'
import { Root } from './root'

// twice as many nats below the largest as a component still counts: it adds less than 5e-18 of the sum
const NEGLIGIBLE: f64 = -80

/**
 * y' at the time of a table, at y = base + h Σ weight · slope over a combination, for all rows.
 * Of one and two dimensions two pairs of rows (y and Y) share a pass, so that the second computes while the first waits for its
 * results. A component that is the largest, or negligible, in all rows of a pass costs no exponential.
 */
export function velocity(flow: Flow, table: usize, base: usize, combination: i32, h: f64, out: usize): void {
  const first = <usize>flow.starts + ((<usize>combination) << 2)
  const begin = combination < 0 ? 0 : <usize>load<i32>(first)
  const end = combination < 0 ? 0 : <usize>load<i32>(first, 4)
  if (flow.dimension === 1) one(flow, table, base, begin, end, h, out)
  else if (flow.dimension === 2) two(flow, table, base, begin, end, h, out)
  else many(flow, table, base, begin, end, h, out)
}

function one(flow: Flow, table: usize, base: usize, begin: usize, end: usize, h: f64, out: usize): void {
  const line = (<usize>flow.rows) << 3
  const weights = <usize>flow.weights
  const which = <usize>flow.which
  const slopes = <usize>flow.slopes
  const scratch = <usize>flow.scratch
  const last = table + 8 + ((<usize>flow.count) << 5)
  const step = f64x2.splat(h)
  const factor = v128.load_splat<f64>(table)
  for (let at: usize = 0; at < line; at += 32) {
    let y = v128.load(base + at)
    let Y = v128.load(base + at, 16)
    if (begin < end) {
      let sum = f64x2.splat(0)
      let Sum = f64x2.splat(0)
      for (let l = begin; l < end; l++) {
        const slope = slopes + <usize>load<i32>(which + (l << 2)) * line + at
        const weight = v128.load_splat<f64>(weights + (l << 3))
        sum = f64x2.add(sum, f64x2.mul(weight, v128.load(slope)))
        Sum = f64x2.add(Sum, f64x2.mul(weight, v128.load(slope, 16)))
      }
      y = f64x2.add(y, f64x2.mul(step, sum))
      Y = f64x2.add(Y, f64x2.mul(step, Sum))
    }
    let largest = f64x2.splat(-Infinity)
    let Largest = largest
    let to = scratch
    for (let from = table + 8; from < last; from += 32) {
      const constant = v128.load_splat<f64>(from)
      const mean = v128.load_splat<f64>(from, 8)
      const shift = v128.load_splat<f64>(from, 16)
      const gain = v128.load_splat<f64>(from, 24)
      const g = f64x2.sub(f64x2.mul(gain, y), shift)
      const G = f64x2.sub(f64x2.mul(gain, Y), shift)
      const joint = f64x2.sub(constant, f64x2.mul(f64x2.sub(y, mean), f64x2.add(g, y)))
      const Joint = f64x2.sub(constant, f64x2.mul(f64x2.sub(Y, mean), f64x2.add(G, Y)))
      largest = f64x2.pmax(joint, largest)
      Largest = f64x2.pmax(Joint, Largest)
      v128.store(to, joint)
      v128.store(to, g, 16)
      v128.store(to, Joint, 32)
      v128.store(to, G, 48)
      to += 64
    }
    let total = f64x2.splat(0)
    let sum = total
    let Total = total
    let Sum = total
    for (let from = scratch; from < to; from += 64) {
      const below = f64x2.sub(v128.load(from), largest)
      const Below = f64x2.sub(v128.load(from, 32), Largest)
      if (!v128.any_true(v128.or(below, Below))) {
        total = f64x2.add(total, f64x2.splat(1))
        Total = f64x2.add(Total, f64x2.splat(1))
        sum = f64x2.add(sum, v128.load(from, 16))
        Sum = f64x2.add(Sum, v128.load(from, 48))
        continue
      }
      const counts = f64x2.gt(below, f64x2.splat(NEGLIGIBLE))
      const Counts = f64x2.gt(Below, f64x2.splat(NEGLIGIBLE))
      if (!v128.any_true(v128.or(counts, Counts))) continue
      const weight = v128.and(Root.of(below), counts)
      const Weight = v128.and(Root.of(Below), Counts)
      total = f64x2.add(total, weight)
      Total = f64x2.add(Total, Weight)
      sum = f64x2.add(sum, f64x2.mul(weight, v128.load(from, 16)))
      Sum = f64x2.add(Sum, f64x2.mul(Weight, v128.load(from, 48)))
    }
    v128.store(out + at, f64x2.mul(f64x2.div(factor, total), sum))
    v128.store(out + at, f64x2.mul(f64x2.div(factor, Total), Sum), 16)
  }
}

function two(flow: Flow, table: usize, base: usize, begin: usize, end: usize, h: f64, out: usize): void {
  const line = (<usize>flow.rows) << 3
  const vector = line << 1
  const weights = <usize>flow.weights
  const which = <usize>flow.which
  const slopes = <usize>flow.slopes
  const scratch = <usize>flow.scratch
  const last = table + 8 + ((<usize>flow.count) << 6)
  const step = f64x2.splat(h)
  const factor = v128.load_splat<f64>(table)
  for (let at: usize = 0; at < line; at += 32) {
    let y1 = v128.load(base + at)
    let Y1 = v128.load(base + at, 16)
    let y2 = v128.load(base + line + at)
    let Y2 = v128.load(base + line + at, 16)
    if (begin < end) {
      let sum1 = f64x2.splat(0)
      let sum2 = sum1
      let Sum1 = sum1
      let Sum2 = sum1
      for (let l = begin; l < end; l++) {
        const slope = slopes + <usize>load<i32>(which + (l << 2)) * vector + at
        const weight = v128.load_splat<f64>(weights + (l << 3))
        sum1 = f64x2.add(sum1, f64x2.mul(weight, v128.load(slope)))
        Sum1 = f64x2.add(Sum1, f64x2.mul(weight, v128.load(slope, 16)))
        sum2 = f64x2.add(sum2, f64x2.mul(weight, v128.load(slope + line)))
        Sum2 = f64x2.add(Sum2, f64x2.mul(weight, v128.load(slope + line, 16)))
      }
      y1 = f64x2.add(y1, f64x2.mul(step, sum1))
      Y1 = f64x2.add(Y1, f64x2.mul(step, Sum1))
      y2 = f64x2.add(y2, f64x2.mul(step, sum2))
      Y2 = f64x2.add(Y2, f64x2.mul(step, Sum2))
    }
    let largest = f64x2.splat(-Infinity)
    let Largest = largest
    let to = scratch
    for (let from = table + 8; from < last; from += 64) {
      const c11 = v128.load_splat<f64>(from, 40)
      const c12 = v128.load_splat<f64>(from, 48)
      const c22 = v128.load_splat<f64>(from, 56)
      const shift1 = v128.load_splat<f64>(from, 24)
      const shift2 = v128.load_splat<f64>(from, 32)
      const g1 = f64x2.sub(f64x2.add(f64x2.mul(c11, y1), f64x2.mul(c12, y2)), shift1)
      const G1 = f64x2.sub(f64x2.add(f64x2.mul(c11, Y1), f64x2.mul(c12, Y2)), shift1)
      const g2 = f64x2.sub(f64x2.add(f64x2.mul(c12, y1), f64x2.mul(c22, y2)), shift2)
      const G2 = f64x2.sub(f64x2.add(f64x2.mul(c12, Y1), f64x2.mul(c22, Y2)), shift2)
      v128.store(to, g1, 16)
      v128.store(to, g2, 32)
      v128.store(to, G1, 64)
      v128.store(to, G2, 80)
      const mean1 = v128.load_splat<f64>(from, 8)
      const mean2 = v128.load_splat<f64>(from, 16)
      const square = f64x2.add(
        f64x2.mul(f64x2.sub(y1, mean1), f64x2.add(g1, y1)),
        f64x2.mul(f64x2.sub(y2, mean2), f64x2.add(g2, y2)),
      )
      const Square = f64x2.add(
        f64x2.mul(f64x2.sub(Y1, mean1), f64x2.add(G1, Y1)),
        f64x2.mul(f64x2.sub(Y2, mean2), f64x2.add(G2, Y2)),
      )
      const constant = v128.load_splat<f64>(from)
      const joint = f64x2.sub(constant, square)
      const Joint = f64x2.sub(constant, Square)
      largest = f64x2.pmax(joint, largest)
      Largest = f64x2.pmax(Joint, Largest)
      v128.store(to, joint)
      v128.store(to, Joint, 48)
      to += 96
    }
    let total = f64x2.splat(0)
    let Total = total
    let sum1 = total
    let sum2 = total
    let Sum1 = total
    let Sum2 = total
    for (let from = scratch; from < to; from += 96) {
      const below = f64x2.sub(v128.load(from), largest)
      const Below = f64x2.sub(v128.load(from, 48), Largest)
      if (!v128.any_true(v128.or(below, Below))) {
        total = f64x2.add(total, f64x2.splat(1))
        Total = f64x2.add(Total, f64x2.splat(1))
        sum1 = f64x2.add(sum1, v128.load(from, 16))
        sum2 = f64x2.add(sum2, v128.load(from, 32))
        Sum1 = f64x2.add(Sum1, v128.load(from, 64))
        Sum2 = f64x2.add(Sum2, v128.load(from, 80))
        continue
      }
      const counts = f64x2.gt(below, f64x2.splat(NEGLIGIBLE))
      const Counts = f64x2.gt(Below, f64x2.splat(NEGLIGIBLE))
      if (!v128.any_true(v128.or(counts, Counts))) continue
      const weight = v128.and(Root.of(below), counts)
      const Weight = v128.and(Root.of(Below), Counts)
      total = f64x2.add(total, weight)
      Total = f64x2.add(Total, Weight)
      sum1 = f64x2.add(sum1, f64x2.mul(weight, v128.load(from, 16)))
      sum2 = f64x2.add(sum2, f64x2.mul(weight, v128.load(from, 32)))
      Sum1 = f64x2.add(Sum1, f64x2.mul(Weight, v128.load(from, 64)))
      Sum2 = f64x2.add(Sum2, f64x2.mul(Weight, v128.load(from, 80)))
    }
    const scale = f64x2.div(factor, total)
    const Scale = f64x2.div(factor, Total)
    v128.store(out + at, f64x2.mul(scale, sum1))
    v128.store(out + at, f64x2.mul(Scale, Sum1), 16)
    v128.store(out + line + at, f64x2.mul(scale, sum2))
    v128.store(out + line + at, f64x2.mul(Scale, Sum2), 16)
  }
}

function many(flow: Flow, table: usize, base: usize, begin: usize, end: usize, h: f64, out: usize): void {
  const d = <usize>flow.dimension
  const line = (<usize>flow.rows) << 3
  const vector = line * d
  const weights = <usize>flow.weights
  const which = <usize>flow.which
  const slopes = <usize>flow.slopes
  const count = <usize>flow.count
  const ys = <usize>flow.scratch
  const sums = ys + (d << 4)
  const scratch = sums + (d << 4)
  const step = f64x2.splat(h)
  const factor = v128.load_splat<f64>(table)
  const stride = (1 + d) << 4
  for (let at: usize = 0; at < line; at += 16) {
    for (let i: usize = 0; i < d; i++) {
      let y = v128.load(base + i * line + at)
      if (begin < end) {
        let sum = f64x2.splat(0)
        for (let l = begin; l < end; l++) {
          const slope = slopes + <usize>load<i32>(which + (l << 2)) * vector + i * line + at
          sum = f64x2.add(sum, f64x2.mul(v128.load_splat<f64>(weights + (l << 3)), v128.load(slope)))
        }
        y = f64x2.add(y, f64x2.mul(step, sum))
      }
      v128.store(ys + (i << 4), y)
      v128.store(sums + (i << 4), f64x2.splat(0))
    }
    let largest = f64x2.splat(-Infinity)
    let from = table + 8
    let to = scratch
    for (let k: usize = 0; k < count; k++) {
      let matrix = from + 8 + (d << 4)
      let quadratic = f64x2.splat(0)
      for (let i: usize = 0; i < d; i++) {
        let g = f64x2.splat(0)
        for (let j: usize = 0; j < d; j++) {
          g = f64x2.add(g, f64x2.mul(v128.load_splat<f64>(matrix), v128.load(ys + (j << 4))))
          matrix += 8
        }
        const y = v128.load(ys + (i << 4))
        const line = from + 8 + (i << 3)
        g = f64x2.sub(g, v128.load_splat<f64>(line + (d << 3)))
        v128.store(to + 16 + (i << 4), g)
        const e = f64x2.sub(y, v128.load_splat<f64>(line))
        quadratic = f64x2.add(quadratic, f64x2.mul(e, f64x2.add(g, y)))
      }
      const joint = f64x2.sub(v128.load_splat<f64>(from), quadratic)
      largest = f64x2.pmax(joint, largest)
      v128.store(to, joint)
      from = matrix
      to += stride
    }
    let total = f64x2.splat(0)
    for (let from = scratch; from < to; from += stride) {
      const below = f64x2.sub(v128.load(from), largest)
      const counts = f64x2.gt(below, f64x2.splat(NEGLIGIBLE))
      if (!v128.any_true(counts)) continue
      const weight = v128.and(Root.of(below), counts)
      total = f64x2.add(total, weight)
      for (let i: usize = 0; i < d; i++) {
        const sum = f64x2.mul(weight, v128.load(from + 16 + (i << 4)))
        v128.store(sums + (i << 4), f64x2.add(v128.load(sums + (i << 4)), sum))
      }
    }
    const scale = f64x2.div(factor, total)
    for (let i: usize = 0; i < d; i++)
      v128.store(out + i * line + at, f64x2.mul(scale, v128.load(sums + (i << 4))))
  }
}
