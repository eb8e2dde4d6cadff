import { sgemm } from './env'
import { inner } from './inner'
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

/** Gives this instance its working memory, and says whether products go to the imported `sgemm`. */
export function prepare(at: usize, external: bool): void {
  scratch = at
  blas = external
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
  const tile = scratch + PACKED_A + PACKED_B
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
          packA(scratch, a + <usize>i * rowA + <usize>k * columnA, rowA, columnA, height, length)
          const corner = c + <usize>i * bytesC + ((<usize>j) << 2)
          block(scratch, packedB, tile, corner, bytesC, height, width, length, more)
        }
        if (second === 0) break
      }
      if (keep) packedB += (<usize>(((width + NR - 1) / NR) * NR * length)) << 2
    }
  }
}

function block(
  packedA: usize,
  packedB: usize,
  tile: usize,
  c: usize,
  row: usize,
  height: i32,
  width: i32,
  length: i32,
  add: bool,
): void {
  for (let j = 0; j < width; j += NR) {
    const b = packedB + ((<usize>(j * length)) << 2)
    for (let i = 0; i < height; i += MR) {
      const a = packedA + ((<usize>(i * length)) << 2)
      const to = c + <usize>i * row + ((<usize>j) << 2)
      if (height - i >= MR && width - j >= NR) {
        inner(length, a, b, to, row, add)
      } else {
        inner(length, a, b, tile, 32, false)
        copyTile(tile, to, row, min(MR, height - i), min(NR, width - j), add)
      }
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
