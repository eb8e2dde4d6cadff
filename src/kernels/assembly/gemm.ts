import { sgemm } from './env'
import { inner, innerRows } from './inner'
import { MR, NR, packA, packB } from './pack'
import { firstOf } from './vector'

// Sizes of the blocks: MC × KC of A and KC × NC of B fit in the second-level cache together, a panel of B in the first.
const MC: i32 = 96
const KC: i32 = 256
const NC: i32 = 512

// A packed B of up to this many numbers is kept while a thread goes through the parts of one job.
const KEPT: i32 = 1 << 19

// The working memory of a thread: the packed blocks and one 6 × 8 tile.
const PACKED_A: usize = MC * KC * 4
const PACKED_B: usize = KEPT * 4
export const SCRATCH: usize = PACKED_A + PACKED_B + 256

// Every thread has an instance of the module, and so its own of these.
let scratch: usize = 0
let packedFrom: usize = 0
let blas: bool = false
let number: i32 = 0

/** Gives this instance its working memory and its number, and says whether products go to the imported `sgemm`. */
export function prepare(at: usize, external: bool, thread: i32): void {
  scratch = at
  blas = external
  number = thread
}

/** The number of this thread, from 0. */
export function thread(): i32 {
  return number
}

/** Called before the first part of a job: B may have changed since it was packed. */
export function begin(): void {
  packedFrom = 0
}

/**
 * C (+)= op(A) op(B) on rows [first, last) of C, and on the same rows `second` further down when `second` is not 0.
 * The sum over k runs in the same order for every row, however the rows are split.
 */
export function multiply(
  transposeA: bool,
  transposeB: bool,
  columns: i32,
  depth: i32,
  a: usize,
  lineA: i32,
  b: usize,
  lineB: i32,
  c: usize,
  lineC: i32,
  add: bool,
  first: i32,
  last: i32,
  second: i32,
): void {
  if (first === last) return
  const bytesA = (<usize>lineA) << 2
  const bytesB = (<usize>lineB) << 2
  const bytesC = (<usize>lineC) << 2
  const rowA: usize = transposeA ? 4 : bytesA
  const columnA: usize = transposeA ? bytesA : 4
  if (blas) {
    for (let i = first; ; i += second) {
      const from = a + <usize>i * rowA
      const to = c + <usize>i * bytesC
      sgemm(transposeA, transposeB, last - first, columns, depth, from, lineA, b, lineB, to, lineC, add)
      if (second === 0 || i !== first) return
    }
  }
  const rowB: usize = transposeB ? 4 : bytesB
  const columnB: usize = transposeB ? bytesB : 4
  const keep = <i64>depth * <i64>(columns + NR) <= <i64>KEPT
  const ready = keep && packedFrom === b
  packedFrom = keep ? b : 0
  let packedB = scratch + PACKED_A
  for (let j = 0; j < columns; j += NC) {
    const width = min(NC, columns - j)
    for (let k = 0; k < depth; k += KC) {
      const length = min(KC, depth - k)
      if (!ready) packB(packedB, b + <usize>k * rowB + <usize>j * columnB, rowB, columnB, width, length)
      const more = add || k > 0
      for (let half = 0; half < 2; half++) {
        const shift = half * second
        for (let i = first + shift; i < last + shift; i += MC) {
          const height = min(MC, last + shift - i)
          const from = a + <usize>i * rowA + <usize>k * columnA
          if (transposeA) packA(scratch, from, rowA, columnA, height, length)
          const corner = c + <usize>i * bytesC + ((<usize>j) << 2)
          block(from, transposeA ? 0 : rowA, packedB, corner, bytesC, height, width, length, more)
        }
        if (second === 0) break
      }
      if (keep) packedB += packedBytes(width, length)
    }
  }
}

/** Bytes of a packed block of B. */
function packedBytes(columns: i32, depth: i32): usize {
  return (<usize>(((columns + NR - 1) / NR) * NR * depth)) << 2
}

/** Packs op(B) [depth, columns] whole, for `multiplyPacked`: packedBytes(columns, depth) bytes. Nothing to do for a system library. */
export function packWhole(transposeB: bool, columns: i32, depth: i32, b: usize, packed: usize): void {
  if (blas) return
  const row: usize = (<usize>(transposeB ? 1 : columns)) << 2
  const column: usize = (<usize>(transposeB ? depth : 1)) << 2
  for (let j = 0; j < columns; j += NC) {
    const width = min(NC, columns - j)
    for (let k = 0; k < depth; k += KC) {
      const length = min(KC, depth - k)
      packB(packed, b + <usize>k * row + <usize>j * column, row, column, width, length)
      packed += packedBytes(width, length)
    }
  }
}

/** C = A op(B), C [rows, columns], for a B that is packed: many threads and blocks of rows use it. */
export function multiplyPacked(
  transposeB: bool,
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  b: usize,
  packed: usize,
  c: usize,
): void {
  if (blas) {
    const lineB = transposeB ? depth : columns
    sgemm(false, transposeB, rows, columns, depth, a, depth, b, lineB, c, columns, false)
    return
  }
  const bytesA = (<usize>depth) << 2
  const bytesC = (<usize>columns) << 2
  for (let j = 0; j < columns; j += NC) {
    const width = min(NC, columns - j)
    for (let k = 0; k < depth; k += KC) {
      const length = min(KC, depth - k)
      for (let i = 0; i < rows; i += MC) {
        const height = min(MC, rows - i)
        const from = a + <usize>i * bytesA + ((<usize>k) << 2)
        const corner = c + <usize>i * bytesC + ((<usize>j) << 2)
        block(from, bytesA, packed, corner, bytesC, height, width, length, k > 0)
      }
      packed += packedBytes(width, length)
    }
  }
}

/**
 * A block of C from packed panels of B and rows of A: as they are, `lineA` bytes apart, or packed in `scratch` where lineA is 0.
 */
function block(
  a: usize,
  lineA: usize,
  packedB: usize,
  c: usize,
  row: usize,
  height: i32,
  width: i32,
  length: i32,
  add: bool,
): void {
  const tile = scratch + PACKED_A + PACKED_B
  const whole = (height / MR) * MR
  const edge = scratch + ((<usize>(whole * length)) << 2)
  if (lineA !== 0 && whole < height) packA(edge, a + <usize>whole * lineA, lineA, 4, height - whole, length)
  for (let j = 0; j < width; j += NR) {
    const b = packedB + ((<usize>(j * length)) << 2)
    for (let i = 0; i < height; i += MR) {
      const to = c + <usize>i * row + ((<usize>j) << 2)
      const within = i < whole && width - j >= NR
      const corner = within ? to : tile
      const line: usize = within ? row : 32
      if (lineA !== 0 && i < whole)
        innerRows(length, a + <usize>i * lineA, lineA, b, corner, line, within && add)
      else inner(length, scratch + ((<usize>(i * length)) << 2), b, corner, line, within && add)
      if (!within) copyTile(tile, to, row, min(MR, height - i), min(NR, width - j), add)
    }
  }
}

function copyTile(tile: usize, c: usize, row: usize, height: i32, width: i32, add: bool): void {
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const to = c + ((<usize>j) << 2)
      const value = load<f32>(tile + ((<usize>j) << 2))
      store<f32>(to, add ? load<f32>(to) + value : value)
    }
    tile += 32
    c += row
  }
}

/** C (+)= op(A) op(B), C [rows, columns]; every part has its share of the rows. */
export function gemm(
  part: i32,
  parts: i32,
  transposeA: bool,
  transposeB: bool,
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  b: usize,
  c: usize,
  add: bool,
): void {
  const first = firstOf(rows, MR, part, parts)
  const last = firstOf(rows, MR, part + 1, parts)
  const lineA = transposeA ? rows : depth
  const lineB = transposeB ? depth : columns
  multiply(transposeA, transposeB, columns, depth, a, lineA, b, lineB, c, columns, add, first, last, 0)
}

/** The products op(A) op(B) over a share of the depth each, one after the other in `sums`: a long sum in parts. */
export function gemmSums(
  part: i32,
  parts: i32,
  transposeA: bool,
  transposeB: bool,
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  b: usize,
  sums: usize,
): void {
  const first = firstOf(depth, 4, part, parts)
  const length = firstOf(depth, 4, part + 1, parts) - first
  const lineA = transposeA ? rows : depth
  const lineB = transposeB ? depth : columns
  const fromA = a + ((<usize>first * <usize>(transposeA ? lineA : 1)) << 2)
  const fromB = b + ((<usize>first * <usize>(transposeB ? 1 : lineB)) << 2)
  const to = sums + ((<usize>part * <usize>(rows * columns)) << 2)
  multiply(
    transposeA,
    transposeB,
    columns,
    length,
    fromA,
    lineA,
    fromB,
    lineB,
    to,
    columns,
    false,
    0,
    rows,
    0,
  )
}
