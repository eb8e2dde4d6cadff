// Imports of the module "env": its name comes from that of this file.

/** C (+)= op(A) op(B) by a system library: transpositions, rows, columns, depth, then address and line of A, B and C. */
export declare function sgemm(
  transposeA: bool,
  transposeB: bool,
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  lineA: i32,
  b: usize,
  lineB: i32,
  c: usize,
  lineC: i32,
  add: bool,
): void
