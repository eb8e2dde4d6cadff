import { inner } from './inner'
import { MR, NR, packA, packB } from './pack'
import { firstOf } from './vector'

// Sizes of the blocks: MC × KC of A and KC × NC of B fit in the second-level cache together, a panel of B in the first.
const MC: i32 = 96
const KC: i32 = 256
const NC: i32 = 512

// The working memory of a thread: the packed blocks and one 6 × 8 tile.
const PACKED_A: usize = MC * KC * 4
const PACKED_B: usize = KC * NC * 4
export const SCRATCH: usize = PACKED_A + PACKED_B + 256

/**
 * C (+)= op(A) op(B) on rows [first, last) of C, and on the same rows `second` further down when `second` is not 0.
 * The sum over k runs in the same order for every row, however the rows are split.
 */
export function multiply(
  scratch: usize,
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
  const bytesA = (<usize>lineA) << 2
  const bytesB = (<usize>lineB) << 2
  const rowA: usize = transposeA ? 4 : bytesA
  const columnA: usize = transposeA ? bytesA : 4
  const rowB: usize = transposeB ? 4 : bytesB
  const columnB: usize = transposeB ? bytesB : 4
  const packedB = scratch + PACKED_A
  const tile = packedB + PACKED_B
  for (let j = 0; j < columns; j += NC) {
    const width = min(NC, columns - j)
    for (let k = 0; k < depth; k += KC) {
      const length = min(KC, depth - k)
      packB(packedB, b + <usize>k * rowB + <usize>j * columnB, rowB, columnB, width, length)
      const more = add || k > 0
      for (let half = 0; half < 2; half++) {
        const shift = half * second
        for (let i = first + shift; i < last + shift; i += MC) {
          const height = min(MC, last + shift - i)
          packA(scratch, a + <usize>i * rowA + <usize>k * columnA, rowA, columnA, height, length)
          const corner = c + ((<usize>i * <usize>lineC + <usize>j) << 2)
          block(scratch, packedB, tile, corner, (<usize>lineC) << 2, height, width, length, more)
        }
        if (second === 0) break
      }
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

/** C (+)= op(A) op(B), C [rows, columns]; each thread does its share of the rows. */
export function gemm(
  thread: i32,
  threads: i32,
  scratch: usize,
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
  multiply(
    scratch + <usize>thread * SCRATCH,
    transposeA,
    transposeB,
    columns,
    depth,
    a,
    transposeA ? rows : depth,
    b,
    transposeB ? depth : columns,
    c,
    columns,
    add,
    firstOf(rows, MR, thread, threads),
    firstOf(rows, MR, thread + 1, threads),
    0,
  )
}
