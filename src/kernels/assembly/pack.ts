/** Rows of a block of A that one pass of the inner kernel covers. */
export const MR: i32 = 6
/** Columns of B that one pass of the inner kernel covers. */
export const NR: i32 = 8

/** Row 0 … 3 of four vectors become lane 0 … 3: the two halves of a 4 × 4 transposition. */
function low(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5)
}
function high(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7)
}
function firsts(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2)
}
function seconds(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3)
}

/** Panels of 6 rows i … i+5 of A for k in [0, depth), laid out k by k; missing rows are 0. `row` and `column` are strides in bytes. */
export function packA(to: usize, a: usize, row: usize, column: usize, rows: i32, depth: i32): void {
  for (let i = 0; i < rows; i += MR) {
    const from = a + <usize>i * row
    if (rows - i < MR) packEdge(to, from, row, column, rows - i, depth, MR)
    else if (column === 4) packRows6(to, from, row, depth)
    else packColumns6(to, from, column, depth)
    to += (<usize>(MR * depth)) << 2
  }
}

/** Panels of 8 columns j … j+7 of B for k in [0, depth), laid out k by k; missing columns are 0. */
export function packB(to: usize, b: usize, row: usize, column: usize, columns: i32, depth: i32): void {
  for (let j = 0; j < columns; j += NR) {
    const from = b + <usize>j * column
    if (columns - j < NR) packEdge(to, from, column, row, columns - j, depth, NR)
    else if (column === 4) packColumns8(to, from, row, depth)
    else packRows8(to, from, column, depth)
    to += (<usize>(NR * depth)) << 2
  }
}

/** A panel narrower than `width`, filled up with zeros. */
function packEdge(
  to: usize,
  from: usize,
  line: usize,
  step: usize,
  lines: i32,
  depth: i32,
  width: i32,
): void {
  for (let k = 0; k < depth; k++) {
    for (let i = 0; i < width; i++) {
      store<f32>(to + ((<usize>i) << 2), i < lines ? load<f32>(from + <usize>i * line) : 0)
    }
    from += step
    to += (<usize>width) << 2
  }
}

function packColumns6(to: usize, from: usize, step: usize, depth: i32): void {
  for (let k = 0; k < depth; k++) {
    v128.store(to, v128.load(from))
    store<u64>(to, load<u64>(from, 16), 16)
    from += step
    to += 24
  }
}

function packColumns8(to: usize, from: usize, step: usize, depth: i32): void {
  for (let k = 0; k < depth; k++) {
    v128.store(to, v128.load(from))
    v128.store(to, v128.load(from, 16), 16)
    from += step
    to += 32
  }
}

function packRows6(to: usize, from: usize, line: usize, depth: i32): void {
  const r1 = from + line
  const r2 = r1 + line
  const r3 = r2 + line
  const r4 = r3 + line
  const r5 = r4 + line
  const whole = (<usize>(depth & ~3)) << 2
  let o: usize = 0
  for (; o < whole; o += 16) {
    const a = v128.load(from + o)
    const b = v128.load(r1 + o)
    const c = v128.load(r2 + o)
    const d = v128.load(r3 + o)
    const e = v128.load(r4 + o)
    const f = v128.load(r5 + o)
    const ab = low(a, b)
    const cd = low(c, d)
    const ef = low(e, f)
    v128.store(to, firsts(ab, cd))
    v128.store64_lane(to, ef, 0, 16)
    v128.store(to, seconds(ab, cd), 24)
    v128.store64_lane(to, ef, 1, 40)
    const ab2 = high(a, b)
    const cd2 = high(c, d)
    const ef2 = high(e, f)
    v128.store(to, firsts(ab2, cd2), 48)
    v128.store64_lane(to, ef2, 0, 64)
    v128.store(to, seconds(ab2, cd2), 72)
    v128.store64_lane(to, ef2, 1, 88)
    to += 96
  }
  packEdge(to, from + o, line, 4, MR, depth & 3, MR)
}

function packRows8(to: usize, from: usize, line: usize, depth: i32): void {
  packRows4(to, from, line, depth)
  packRows4(to + 16, from + 4 * line, line, depth)
}

/** Four of the eight lines of a panel. */
function packRows4(to: usize, from: usize, line: usize, depth: i32): void {
  const r1 = from + line
  const r2 = r1 + line
  const r3 = r2 + line
  const end = (<usize>depth) << 2
  const whole = (<usize>(depth & ~3)) << 2
  let o: usize = 0
  for (; o < whole; o += 16) {
    const a = v128.load(from + o)
    const b = v128.load(r1 + o)
    const c = v128.load(r2 + o)
    const d = v128.load(r3 + o)
    const ab = low(a, b)
    const cd = low(c, d)
    v128.store(to, firsts(ab, cd))
    v128.store(to, seconds(ab, cd), 32)
    const ab2 = high(a, b)
    const cd2 = high(c, d)
    v128.store(to, firsts(ab2, cd2), 64)
    v128.store(to, seconds(ab2, cd2), 96)
    to += 128
  }
  for (; o < end; o += 4) {
    store<f32>(to, load<f32>(from + o))
    store<f32>(to, load<f32>(r1 + o), 4)
    store<f32>(to, load<f32>(r2 + o), 8)
    store<f32>(to, load<f32>(r3 + o), 12)
    to += 32
  }
}
