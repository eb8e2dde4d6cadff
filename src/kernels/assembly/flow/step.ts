// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { Flow } from './flow'
import { fill } from './tables'
import { velocity } from './velocity'

/** Where the memory is free: the logarithm has tables below. */
export function free(): usize {
  return __heap_base
}

/** The slope at θ and y + h Σ weight · slope over a combination (−1: none) into slope `out`. */
export function slope(flow: Flow, theta: f64, base: usize, combination: i32, h: f64, out: i32): void {
  const size = (<usize>flow.dimension * <usize>flow.rows) << 3
  fill(flow, flow.tables, theta)
  velocity(flow, flow.tables, base, combination, h, <usize>flow.slopes + <usize>out * size)
}

/** out = base + h Σ weight · slope over a combination. */
export function combine(flow: Flow, base: usize, combination: i32, h: f64, out: usize): void {
  const size = (<usize>flow.dimension * <usize>flow.rows) << 3
  const first = <usize>flow.starts + ((<usize>combination) << 2)
  const begin = <usize>load<i32>(first)
  const end = <usize>load<i32>(first, 4)
  const step = f64x2.splat(h)
  for (let at: usize = 0; at < size; at += 16) {
    let sum = f64x2.splat(0)
    for (let l = begin; l < end; l++) {
      const slope = <usize>flow.slopes + <usize>load<i32>(<usize>flow.which + (l << 2)) * size + at
      sum = f64x2.add(sum, f64x2.mul(v128.load_splat<f64>(<usize>flow.weights + (l << 3)), v128.load(slope)))
    }
    v128.store(out + at, f64x2.add(v128.load(base + at), f64x2.mul(step, sum)))
  }
}

/**
 * A step of the method from θ to θ + h: the new y behind y, and its error, the largest over rows of the root mean square of a
 * row's error estimate relative to atol + rtol max|y| (src/characteristics/combinations.ts). NaN when any estimate is. The slope
 * at y is there already; that at the new point, slope S, is computed where the estimate needs it.
 */
export function step(flow: Flow, theta: f64, h: f64, rtol: f64, atol: f64): f64 {
  const size = (<usize>flow.dimension * <usize>flow.rows) << 3
  const stages = <i32>flow.stages
  const y = <usize>flow.y
  const next = y + size
  for (let i = 1; i < stages; i++) {
    const table = <usize>flow.tables + <usize>i * flow.tableBytes
    fill(flow, table, theta + load<f64>(<usize>flow.nodes + ((<usize>i) << 3)) * h)
    velocity(flow, table, y, i, h, <usize>flow.slopes + <usize>i * size)
  }
  combine(flow, y, stages, h, next)
  if (flow.fsal !== 0) slope(flow, theta + h, next, -1, 0, stages)
  return norm(flow, y, next, h, rtol, atol)
}

function norm(flow: Flow, y: usize, next: usize, h: f64, rtol: f64, atol: f64): f64 {
  const d = <usize>flow.dimension
  const line = (<usize>flow.rows) << 3
  const size = d * line
  const main = <usize>flow.starts + ((<usize>flow.stages + 1) << 2)
  const begin = <usize>load<i32>(main)
  const middle = <usize>load<i32>(main, 4)
  const end = flow.estimates > 1 ? <usize>load<i32>(main, 8) : middle
  const step = f64x2.splat(h * h)
  let worst = f64x2.splat(0)
  for (let row: usize = 0; row < line; row += 16) {
    let square = f64x2.splat(0)
    let other = f64x2.splat(0)
    let largest = f64x2.splat(0)
    for (let at = row; at < size; at += line) {
      let sum = f64x2.splat(0)
      let l = begin
      for (; l < middle; l++) sum = f64x2.add(sum, term(flow, l, size, at))
      square = f64x2.add(square, f64x2.mul(sum, sum))
      sum = f64x2.splat(0)
      for (; l < end; l++) sum = f64x2.add(sum, term(flow, l, size, at))
      other = f64x2.add(other, f64x2.mul(sum, sum))
      const reach = f64x2.max(f64x2.abs(v128.load(y + at)), f64x2.abs(v128.load(next + at)))
      largest = f64x2.max(largest, reach)
    }
    square = f64x2.mul(step, square)
    if (end > middle) {
      const both = f64x2.add(square, f64x2.mul(f64x2.splat(0.01), f64x2.mul(step, other)))
      square = f64x2.div(f64x2.mul(square, square), f64x2.add(both, f64x2.splat(1e-300)))
    }
    const tolerance = f64x2.add(f64x2.splat(atol), f64x2.mul(f64x2.splat(rtol), largest))
    worst = f64x2.max(worst, f64x2.div(square, f64x2.mul(tolerance, tolerance)))
  }
  return Math.sqrt(max(f64x2.extract_lane(worst, 0), f64x2.extract_lane(worst, 1)) / <f64>flow.dimension)
}

function term(flow: Flow, l: usize, size: usize, at: usize): v128 {
  const slope = <usize>flow.slopes + <usize>load<i32>(<usize>flow.which + (l << 2)) * size + at
  return f64x2.mul(v128.load_splat<f64>(<usize>flow.weights + (l << 3)), v128.load(slope))
}

/** The new point becomes y and its slope the first; the slope is computed here where the step did not need it. */
export function accept(flow: Flow, theta: f64, slopeToo: bool): void {
  const size = (<usize>flow.dimension * <usize>flow.rows) << 3
  const stages = <usize>flow.stages
  memory.copy(flow.y, <usize>flow.y + size, size)
  if (!slopeToo) return
  if (flow.fsal === 0) slope(flow, theta, flow.y, -1, 0, <i32>stages)
  memory.copy(flow.slopes, <usize>flow.slopes + stages * size, size)
}

/** The largest over rows of the root mean square of a − b, relative to atol + rtol max|y|; b = 0 stands for no b. */
export function size(flow: Flow, a: usize, b: usize, rtol: f64, atol: f64): f64 {
  const d = <usize>flow.dimension
  const line = (<usize>flow.rows) << 3
  let worst = f64x2.splat(0)
  for (let row: usize = 0; row < line; row += 16) {
    let square = f64x2.splat(0)
    let largest = f64x2.splat(0)
    for (let at = row; at < d * line; at += line) {
      let value = v128.load(a + at)
      if (b !== 0) value = f64x2.sub(value, v128.load(b + at))
      square = f64x2.add(square, f64x2.mul(value, value))
      largest = f64x2.max(largest, f64x2.abs(v128.load(<usize>flow.y + at)))
    }
    const tolerance = f64x2.add(f64x2.splat(atol), f64x2.mul(f64x2.splat(rtol), largest))
    worst = f64x2.max(worst, f64x2.div(square, f64x2.mul(tolerance, tolerance)))
  }
  return Math.sqrt(max(f64x2.extract_lane(worst, 0), f64x2.extract_lane(worst, 1)) / <f64>flow.dimension)
}
