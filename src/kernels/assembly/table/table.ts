// A tabulated map and its inverse, in float64. Every table has an instance of its own, with memory laid out by
// src/kernels/table.ts.
// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { at, Table } from './layout'
import { invertLine, line } from './line'
import { bucketOf, fillBuckets } from './nearest'
import { invertPlaneSlope, newtonPlane, plane } from './plane'
import { invertSpaceSlope, newtonSpace, space } from './space'

/** Fills du/dΦ at the nodes and the buckets. */
export function prepareTable(table: Table, sweeps: i32): void {
  const nodes = table.nodes
  const size = table.size
  const inverses = table.inverses
  if (table.dimension === 1) {
    for (let node = 0; node < size; node++)
      store<f64>(
        inverses + ((<usize>node) << 3),
        1 / f64x2.extract_lane(line(table, min(node, nodes - 2), <f64>node), 1),
      )
    let cell = 0
    for (let bucket = 0; bucket <= table.across; bucket++) {
      const left = table.low0 + <f64>bucket / table.perUnit0
      while (cell < nodes - 2 && at(table.images, cell + 1) <= left) cell++
      // rounding may put a point just below the left end into a bucket
      store<i32>(table.buckets + ((<usize>bucket) << 2), max(0, cell - 1))
    }
    return
  }
  for (let node = 0; node < size; node++)
    if (table.dimension === 2) {
      plane(table, <f64>(node / nodes), <f64>(node % nodes))
      invertPlaneSlope(table, inverses + ((<usize>node) << 5))
    } else {
      space(table, <f64>(node / (nodes * nodes)), <f64>((node / nodes) % nodes), <f64>(node % nodes))
      invertSpaceSlope(table, inverses + <usize>node * 72)
    }
  fillBuckets(table, sweeps)
}

/** Newton's method from a node, in two or three dimensions. */
export function newtonFrom(table: Table, node: i32, y: usize, out: usize): bool {
  return table.dimension === 2 ? newtonPlane(table, node, y, out) : newtonSpace(table, node, y, out)
}

/**
 * The u of every row of y, [rows, d], in its place; NaN where none was found from the nearest node.
 *
 * @returns how many were not found
 */
export function invertTable(table: Table, y: usize, rows: i32): i32 {
  const d = table.dimension
  const stride = (<usize>d) << 3
  let missed = 0
  for (let row = 0; row < rows; row++, y += stride) {
    if (d === 1) {
      const u = invertLine(table, load<f64>(y))
      store<f64>(y, u)
      if (!(u >= 0)) missed++
      continue
    }
    const node = load<i32>(table.buckets + ((<usize>bucketOf(table, y)) << 2))
    if (newtonFrom(table, node, y, y)) continue
    store<f64>(y, NaN)
    missed++
  }
  return missed
}
