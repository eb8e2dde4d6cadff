/**
 * A tabulated map Φ from cell coordinates u (0 to nodes − 1 an axis) to R^d, d from 1 to 3, by a quintic tensor spline, and what
 * its inversion starts from. Laid out by src/kernels/table.ts.
 */
@unmanaged
export class Table {
  dimension: i32
  nodes: i32
  /** Coefficients an axis. */
  extended: i32
  /** nodes^dimension */
  size: i32
  /** Buckets an axis. */
  across: i32
  /** [extended^d] coefficients of 1, 2 or 4 components (the fourth 0) */
  coefficients: usize
  /** [size, d] */
  images: usize
  /** [size, d, d] du/dΦ at the nodes */
  inverses: usize
  /** [across^d] a node for every bucket; in one dimension [across + 1] the cell of its left end */
  buckets: usize
  /** [across^d] the distance to that node, while buckets are filled; may be the address of nothing afterwards */
  distances: usize
  /** 80 numbers, at a multiple of 16 bytes */
  scratch: usize
  /** The lowest image of every axis, and buckets a unit. */
  low0: f64
  low1: f64
  low2: f64
  perUnit0: f64
  perUnit1: f64
  perUnit2: f64
  /** Of the Jacobian of the last iteration. */
  determinant: f64
}

/** Longest step of an iteration, in cells. */
export const REACH: f64 = 2
export const ITERATIONS: i32 = 20
/** Iterations at the edge of the table, or where the spline folds, after which a start is given up. */
export const DOUBTS: i32 = 3

/** The cell of a coordinate; the first or last for one beyond. */
export function cellOf(u: f64, nodes: i32): f64 {
  return min(max(floor(u), 0), <f64>(nodes - 2))
}

export function clamp(u: f64, nodes: i32): f64 {
  return min(max(u, 0), <f64>(nodes - 1))
}

/** The number at a place in an array of float64. */
export function at(array: usize, index: i32): f64 {
  return load<f64>(array + ((<usize>index) << 3))
}
