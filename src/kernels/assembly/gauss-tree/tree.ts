// How the tree of boxes is laid out, by src/kernels/gauss-tree.ts.

/** Bytes of a node: centre [3], radius, box [low 3, high 3], first and end (bytes into the centres), left, right, moments, log count, count. */
export const NODE: usize = 17 << 3
export const RADIUS: usize = 3 << 3
export const LOW: usize = 4 << 3
export const HIGH: usize = 7 << 3
export const FIRST: usize = 10 << 3
export const END: usize = 11 << 3
export const LEFT: usize = 12 << 3
export const RIGHT: usize = 13 << 3
export const MOMENTS: usize = 14 << 3
export const LOG_COUNT: usize = 15 << 3
export const COUNT: usize = 16 << 3

@unmanaged
export class Tree {
  nodes: usize
  centres: usize
  /** Bytes of one coordinate of all centres. */
  bytes: usize
  moments: usize
  /** For each row of moments, where it starts in a node's moments, in bytes. */
  starts: usize
  /** √n, 1/√(n + 1), ½ ln n! for n = 0 … order + 1. */
  roots: usize
  inverses: usize
  logs: usize
  stack: usize
  /** g and h of each dimension, `line` bytes each, then the sums: total and the three of the mean. */
  scratch: usize
  line: usize
  dimension: i32
  order: i32
}
