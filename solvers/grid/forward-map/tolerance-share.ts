import type { UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import type { Density } from '../../../src/problem/density.ts'
import { startNodes } from './patch.ts'
import type { Probes } from './probes.ts'
import { makePiece, type Piece, TIGHTEST, tableCarrier } from './table.ts'

/** Probes that are looked at, and nodes on either side of them along an axis. */
const WORST = 12
const AROUND = 3
/** How much more exactly these nodes are carried. */
const TIGHTER = 1e-2

/** A piece of a table of one angle, and the starts that were found for the probes' images there. */
interface MeasuredPiece {
  readonly piece: Piece
  readonly theta: number
  readonly found: Float64Array
  /** [n] how far they are from the probes' own, in units of x; 0 for probes that this piece did not find. */
  readonly distances: Float64Array
  /** Probes' images at the angle. */
  readonly probed: Float64Array
}

/**
 * How much of a piece's error is that of the characteristics that made it, in units of x: how far the starts found for the worst
 * probes move when the nodes around them are carried more exactly. The steps of a block of trajectories follow the hardest of them, so probes carried by
 * themselves do not tell the error of the nodes.
 *
 * @returns the distance, and evaluations of the score
 */
export function toleranceShare(
  density: Density,
  probes: Probes,
  { piece, theta, found, distances, probed }: MeasuredPiece,
  rtol: number,
): { distance: number; functionEvaluations: number } {
  const d = density.dimension
  const { grid, map } = piece
  const counts = distances.map((distance, row) => probes.share(row) * distance)
  const rows = Array.from(counts.keys())
    .filter((row) => counts[row] > 0)
    .sort((a, b) => counts[b] - counts[a])
    .slice(0, WORST)
  // where a probe starts and where it was found, which may be in another mode
  const places = new Float64Array(2 * rows.length * d)
  for (const [k, row] of rows.entries()) {
    places.set(probes.starts.subarray(row * d, (row + 1) * d), 2 * k * d)
    places.set(found.subarray(row * d, (row + 1) * d), (2 * k + 1) * d)
  }
  map?.fromStart(places)
  const nodes = new Set<number>()
  for (let at = 0; at < places.length; at += d)
    for (const node of nodesAround(grid, places.subarray(at, at + d))) nodes.add(node)
  const starts = startNodes(piece)
  const carrier = tableCarrier(density, Math.max(TIGHTEST, rtol * TIGHTER))
  const around = new Float64Array(nodes.size * d)
  for (const [k, node] of [...nodes].entries()) around.set(starts.subarray(node * d, (node + 1) * d), k * d)
  const carried = carrier.carry(Float64Array.of(0, theta), around)[1] as Float64Array
  const better = piece.images.slice()
  for (const [k, node] of [...nodes].entries()) better.set(carried.subarray(k * d, (k + 1) * d), node * d)
  const { inverse } = makePiece(piece, better)
  let distance = 0
  for (const row of rows) {
    const start = probed.slice(row * d, (row + 1) * d)
    // a point that the better piece does not find says nothing of the distance
    if (inverse(start).length > 0) continue
    map?.toStart(start)
    const moved = Math.hypot(...start.map((value, i) => value - found[row * d + i]))
    distance = Math.max(distance, probes.share(row) * moved)
  }
  // many probes may make up an error of the mean square
  const all = rows.length > 0 ? probes.error(distances) / counts[rows[0]] : 1
  return {
    distance: density.moments.scale * distance * all,
    functionEvaluations: carrier.functionEvaluations,
  }
}

/** The nodes up to AROUND cells from a place along every axis. */
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
