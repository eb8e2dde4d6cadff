import { sumColumns } from './dense'
import { addLines } from './elementwise'
import { begin, multiply, multiplyPacked, packWhole, thread } from './gemm'
import { get, put } from './lanes'
import { MR } from './pack'
import { firstOf, fma, fnma, tanh4 } from './vector'

// A stack of layers, tanh on all but the last, on values and, when dual, their tangents on the n rows below. Every part takes its
// rows through all layers, and keeps what the hidden layers give side by side: its values, then its tangents. So what one layer
// writes is still in the cache when the next one reads it, and one product serves values and tangents.
//
// The task is a list of 32-bit words: those below, then four for every layer. src/backend/simd/stack.ts writes it.

const ROWS: usize = 0
const HALVES: usize = 1
const LAYERS: usize = 2
const INPUT: usize = 3
const OUTPUT: usize = 4
const KEPT: usize = 5
/** Working memory of the backward pass, two blocks a thread, and the bytes of one block. */
const WORK: usize = 6
const BLOCK: usize = 7
/** Where every part writes its gradients of all weights, and the bytes of one part. */
const SUMS: usize = 8
const LINE: usize = 9
/** The gradient of the input, 0 where nobody asks for it. */
const INPUT_GRADIENT: usize = 10
const HEAD: usize = 12

/** A layer's words: how many numbers it takes, weights, bias, and packed weights; the word after the last layer's is the number of outputs. */
const DEPTH: usize = 0
const WEIGHTS: usize = 1
const BIAS: usize = 2
const PACKED: usize = 3
const LAYER: usize = 4

function word(task: usize, index: usize): i32 {
  return load<i32>(task + (index << 2))
}

function layerWord(task: usize, layer: i32, index: usize): i32 {
  return word(task, HEAD + <usize>layer * LAYER + index)
}

/** Numbers in a block of `count` that starts at a multiple of 16 bytes and ends at one. */
function padded(count: i32): usize {
  return <usize>((count + 3) & ~3)
}

/** Packs the weights of all layers, plain for the forward and transposed for the backward pass. */
export function stackPack(transpose: bool, task: usize): void {
  const layers = word(task, LAYERS)
  for (let k = 0; k < layers; k++) {
    const inside = layerWord(task, k, DEPTH)
    const outside = layerWord(task, k + 1, DEPTH)
    const columns = transpose ? inside : outside
    const depth = transpose ? outside : inside
    packWhole(transpose, columns, depth, layerWord(task, k, WEIGHTS), layerWord(task, k, PACKED))
  }
}

export function stackForward(part: i32, parts: i32, task: usize): void {
  const n = word(task, ROWS)
  const halves = word(task, HALVES)
  const layers = word(task, LAYERS)
  const first = firstOf(n, MR, part, parts)
  const rows = firstOf(n, MR, part + 1, parts) - first
  if (rows === 0) return
  let from: usize = 0
  let kept: usize = word(task, KEPT)
  for (let k = 0; k < layers; k++) {
    const depth = layerWord(task, k, DEPTH)
    const columns = layerWord(task, k + 1, DEPTH)
    const bias: usize = layerWord(task, k, BIAS)
    const last = k === layers - 1
    const to = last ? 0 : kept + ((<usize>(halves * first * columns)) << 2)
    for (let half = 0; half < halves; half++) {
      const joined = k > 0 && !last
      const a =
        k === 0 ? rowsOf(task, INPUT, half, first, depth) : from + ((<usize>(half * rows * depth)) << 2)
      const c = last
        ? rowsOf(task, OUTPUT, half, first, columns)
        : to + ((<usize>(half * rows * columns)) << 2)
      const height = joined ? halves * rows : rows
      const weights: usize = layerWord(task, k, WEIGHTS)
      multiplyPacked(false, height, columns, depth, a, weights, layerWord(task, k, PACKED), c)
      if (last && half === 0) addBias(rows, columns, bias, c)
      if (joined) break
    }
    if (!last) activate(rows, columns, halves === 2, bias, to)
    from = to
    kept += (<usize>(halves * n * columns)) << 2
  }
}

/** The rows of a part in a tensor whose lower half are tangents. */
function rowsOf(task: usize, tensor: usize, half: i32, first: i32, columns: i32): usize {
  return <usize>word(task, tensor) + ((<usize>((half * word(task, ROWS) + first) * columns)) << 2)
}

function addBias(rows: i32, columns: i32, bias: usize, z: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      store<f32>(z, load<f32>(z) + load<f32>(bias + ((<usize>j) << 2)))
      z += 4
    }
  }
}

/** z ← tanh(z + b) and, `rows` rows below, ż ← (1 − tanh²)ż. */
function activate(rows: i32, columns: i32, dual: bool, bias: usize, z: usize): void {
  const below = (<usize>(rows * columns)) << 2
  for (let i = 0; i < rows; i++) {
    let j = 0
    let b = bias
    // Four vectors at a time share the constants of tanh, and take half as long as one by one.
    for (; j + 16 <= columns; j += 16) {
      const a0 = tanh4(f32x4.add(v128.load(z), v128.load(b)))
      const a1 = tanh4(f32x4.add(v128.load(z, 16), v128.load(b, 16)))
      const a2 = tanh4(f32x4.add(v128.load(z, 32), v128.load(b, 32)))
      const a3 = tanh4(f32x4.add(v128.load(z, 48), v128.load(b, 48)))
      v128.store(z, a0)
      v128.store(z, a1, 16)
      v128.store(z, a2, 32)
      v128.store(z, a3, 48)
      if (dual) {
        const rate = z + below
        v128.store(rate, f32x4.mul(v128.load(rate), slope(a0)))
        v128.store(rate, f32x4.mul(v128.load(rate, 16), slope(a1)), 16)
        v128.store(rate, f32x4.mul(v128.load(rate, 32), slope(a2)), 32)
        v128.store(rate, f32x4.mul(v128.load(rate, 48), slope(a3)), 48)
      }
      z += 64
      b += 64
    }
    while (j < columns) {
      const whole = columns - j >= 4
      const a = tanh4(f32x4.add(get(z, whole), get(b, whole)))
      put(z, a, whole)
      if (dual) put(z + below, f32x4.mul(get(z + below, whole), slope(a)), whole)
      const step: usize = whole ? 16 : 4
      j += whole ? 4 : 1
      z += step
      b += step
    }
  }
}

/** tanh' = 1 − a². */
function slope(a: v128): v128 {
  return fnma(a, a, f32x4.splat(1))
}

export function stackBackward(part: i32, parts: i32, task: usize): void {
  const n = word(task, ROWS)
  const halves = word(task, HALVES)
  const layers = word(task, LAYERS)
  const first = firstOf(n, MR, part, parts)
  const rows = firstOf(n, MR, part + 1, parts) - first
  const block: usize = word(task, BLOCK)
  const work = <usize>word(task, WORK) + 2 * <usize>thread() * block
  let kept: usize = word(task, KEPT)
  let sums = <usize>word(task, SUMS) + <usize>part * <usize>word(task, LINE)
  for (let k = 0; k < layers; k++) {
    const columns = layerWord(task, k + 1, DEPTH)
    if (k < layers - 1) kept += (<usize>(halves * n * columns)) << 2
    sums += (padded(layerWord(task, k, DEPTH) * columns) + padded(columns)) << 2
  }
  // The gradient of a layer's h W + b: at first that of the output, then by turns in the two blocks.
  let dz: usize = 0
  for (let k = layers - 1; k >= 0; k--) {
    const depth = layerWord(task, k, DEPTH)
    const columns = layerWord(task, k + 1, DEPTH)
    const last = k === layers - 1
    sums -= (padded(depth * columns) + padded(columns)) << 2
    if (k > 0) kept -= (<usize>(halves * n * depth)) << 2
    const h = kept + ((<usize>(halves * first * depth)) << 2)
    const joined = k > 0 && !last
    const weights: usize = layerWord(task, k, WEIGHTS)
    const packed: usize = layerWord(task, k, PACKED)
    const next = work + <usize>(k & 1) * block
    for (let half = 0; half < halves; half++) {
      const g = last
        ? rowsOf(task, OUTPUT, half, first, columns)
        : dz + ((<usize>(half * rows * columns)) << 2)
      const a = k === 0 ? rowsOf(task, INPUT, half, first, depth) : h + ((<usize>(half * rows * depth)) << 2)
      const height = joined ? halves * rows : rows
      // what is packed of another g at the same place is not this one
      begin()
      multiply(true, false, columns, height, a, depth, g, columns, sums, columns, half > 0, 0, depth, 0)
      if (half === 0) sumColumns(rows, columns, 0, columns, g, sums + (padded(depth * columns) << 2))
      if (k > 0) {
        const to = next + ((<usize>(half * rows * depth)) << 2)
        multiplyPacked(true, height, depth, columns, g, weights, packed, to)
      } else if (word(task, INPUT_GRADIENT) !== 0) {
        const to = rowsOf(task, INPUT_GRADIENT, half, first, depth)
        multiplyPacked(true, height, depth, columns, g, weights, packed, to)
      }
      if (joined) break
    }
    if (k > 0) activateBack(rows * depth, halves === 2, h, next)
    dz = next
  }
}

/** From the gradients of tanh and of its tangent to those of z and ż, in place: (1 − a²)g − 2aȧġ and (1 − a²)ġ. */
function activateBack(count: i32, dual: bool, kept: usize, g: usize): void {
  const below = (<usize>count) << 2
  const end = g + below
  while (g < end) {
    const whole = end - g >= 16
    const a = get(kept, whole)
    const s = slope(a)
    let above = f32x4.mul(get(g, whole), s)
    if (dual) {
      const rate = get(g + below, whole)
      put(g + below, f32x4.mul(rate, s), whole)
      const bend = f32x4.mul(f32x4.mul(f32x4.splat(-2), a), get(kept + below, whole))
      above = fma(bend, rate, above)
    }
    put(g, above, whole)
    const step: usize = whole ? 16 : 4
    g += step
    kept += step
  }
}

/** Adds up the gradients of the parts; `outputs` are the addresses of the weights' and biases' gradients. */
export function stackGradients(part: i32, parts: i32, task: usize, terms: i32, outputs: usize): void {
  const layers = word(task, LAYERS)
  const line: usize = word(task, LINE)
  let sums: usize = word(task, SUMS)
  for (let k = 0; k < 2 * layers; k++) {
    const columns = layerWord(task, (k >> 1) + 1, DEPTH)
    const count = (k & 1) === 0 ? layerWord(task, k >> 1, DEPTH) * columns : columns
    const first = firstOf(count, 4, part, parts)
    const last = firstOf(count, 4, part + 1, parts)
    addLines(terms, line, first, last, sums, load<u32>(outputs + ((<usize>k) << 2)))
    sums += padded(count) << 2
  }
}
