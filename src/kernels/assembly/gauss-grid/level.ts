// How the levels of a grid of blurred centres are laid out, by src/kernels/gauss-grid.ts.

/**
 * Bytes of a level: address of its weights (0 where it is not built), the variance of the blur v₁, spacing, largest weight, then for each of three
 * axes the first node, the count of nodes, the lowest and the highest x that it serves. Axes that are not there come first and have one node.
 */
export const LEVEL: usize = 16 << 3
export const BLUR: usize = 1 << 3
export const SPACING: usize = 2 << 3
export const MOST: usize = 3 << 3
export const ORIGIN: usize = 4 << 3
export const NODES: usize = 7 << 3
export const LOWEST: usize = 10 << 3
export const HIGHEST: usize = 13 << 3

@unmanaged
export class Grid {
  /** The `Tree` that sums up what no level serves. */
  tree: usize
  levels: usize
  count: i32
  dimension: i32
  /** The floors of the roots of the squares up to `REACH`², a byte each. */
  roots: usize
  /** Six lines of `LINE` bytes: exp(−δ²/2v₂) of each axis, and the same times δ; the nearest node and the offset from it; at `TABLE` a table of exponentials. */
  scratch: usize
  /** The variance from which the first level serves, and levels for each factor e of it. */
  least: f64
  perNat: f64
  /** By how many nats the weight of the nearest node may be below the largest. Where it is fainter, the tree sums. */
  faintest: f64
  /** The variance and the spacing of the table of exponentials, and how many are known. */
  tabulated: f64
  spacing: f64
  known: i32
}

/** Nodes on either side of a point that may count, at the most. */
export const REACH: i32 = 40
export const LINE: usize = 90 << 3
export const TABLE: usize = 48

/** Numbers of an axis of a level. */
export function axisOf(level: usize, field: usize, axis: i32): f64 {
  return load<f64>(level + field + ((<usize>axis) << 3))
}
