import type { Density } from '../../../src/problem/density.ts'
import { nodeCoordinates, type UniformGrid } from '../uniform-grid.ts'
import type { Probes } from './probes.ts'
import { type Table, TIGHTEST, tableCarrier, tableFrom } from './table.ts'

/** Probes that are looked at, and nodes on either side of them along an axis. */
const WORST = 12
const AROUND = 3
/** How much more exactly these nodes are carried. */
const TIGHTER = 1e-2

/** A table of one angle with what it was made of, and the starts that it finds for the probes' images there. */
export interface MeasuredTable {
  readonly grid: UniformGrid
  readonly theta: number
  readonly images: Float64Array
  readonly found: Float64Array
  /** Probes' images at the angle. */
  readonly probed: Float64Array
}

/**
 * How much of a table's error is that of the characteristics that made it, in units of x: how far the starts found for the worst
 * probes move when the nodes around them are carried more exactly. The steps of a block of trajectories follow the hardest of them, so probes carried by
 * themselves do not tell the error of the nodes.
 *
 * @returns the distance, and evaluations of the score
 */
export function toleranceShare(
  density: Density,
  probes: Probes,
  { grid, theta, images, found, probed }: MeasuredTable,
  rtol: number,
): { distance: number; functionEvaluations: number } {
  const d = density.dimension
  const rows = probes.worst(found, WORST)
  const nodes = [...new Set(rows.flatMap((row) => nodesAround(grid, probes.starts.subarray(row, row + d))))]
  const coordinates = nodeCoordinates(grid)
  const carrier = tableCarrier(density, Math.max(TIGHTEST, rtol * TIGHTER))
  const places = new Float64Array(nodes.length * d)
  for (const [k, node] of nodes.entries()) places.set(coordinates.subarray(node * d, (node + 1) * d), k * d)
  const carried = carrier.carry(Float64Array.of(0, theta), places)[1] as Float64Array
  const better = images.slice()
  for (const [k, node] of nodes.entries()) better.set(carried.subarray(k * d, (k + 1) * d), node * d)
  const table: Table = tableFrom(carrier, grid, theta, better)
  let distance = 0
  for (const row of rows) {
    const start = probed.slice(row, row + d)
    table.invert(start)
    const moved = Math.hypot(...start.map((value, i) => value - found[row + i]))
    distance = Math.max(distance, probes.share(row / d) * moved)
  }
  return { distance: density.moments.scale * distance, functionEvaluations: carrier.functionEvaluations }
}

/** The nodes up to AROUND cells from a point along every axis. */
function nodesAround({ dimension: d, nodes, low, spacing }: UniformGrid, y: Float64Array): number[] {
  let around = [0]
  for (let i = 0; i < d; i++) {
    const cell = Math.floor((y[i] - low[i]) / spacing[i])
    const first = Math.min(Math.max(cell - AROUND, 0), nodes - 1)
    const last = Math.max(Math.min(cell + 1 + AROUND, nodes - 1), 0)
    around = around.flatMap((node) =>
      Array.from({ length: Math.max(last - first + 1, 1) }, (_, k) => node * nodes + first + k),
    )
  }
  return around
}
