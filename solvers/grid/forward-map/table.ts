import { type Flow, flow } from '../../../src/characteristics/probability-flow.ts'
import { TableKernel, tableKernelNumbers } from '../../../src/kernels/table.ts'
import { quintic, splineCoefficients } from '../../../src/numeric/interpolation/splines.ts'
import type { UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import type { Density } from '../../../src/problem/density.ts'
import { beyondModes, distanceToModes, type Patch, type PatchGrid, patchGrid, startNodes } from './patch.ts'

/** No relative tolerance of characteristics is asked for below this: rounding shows. */
export const TIGHTEST = 1e-13

/** Steps after which nodes are given up: those that start where p_data is 0 inside the box would take any number. */
const MOST_STEPS = 3000
/** Below this tolerance eighth order needs fewer evaluations than fifth. */
const TIGHT = 1e-8
/** Standard deviations from a mode within which a point that its patch finds is not looked for in others. */
const NEAR = 2.5

/** The inverse of y(0) ↦ y(θ) for one angle. */
export interface Table {
  /**
   * Replaces the rows of y, positions at θ, by their starts at θ = 0. Returns how many had to be traced back one by one.
   *
   * @param owners told for every row which piece found it, −1 where it was traced
   */
  invert(y: Float64Array, owners?: Int32Array): number
}

/** A patch with the images of its nodes at the angle of a table, [nodes^d, d], and their inverse. */
export interface Piece extends PatchGrid {
  readonly images: Float64Array
  readonly inverse: GridInverse
  /** [d] each, the box of the images */
  readonly from: Float64Array
  readonly to: Float64Array
}

/** What carries the nodes of a table, and points that a table does not find. */
export function tableCarrier(density: Density, rtol: number): Flow {
  const tableau = rtol < TIGHT ? 'dopri8' : 'dopri5'
  return flow(density, { rtol, atol: rtol / 100, tableau, maxSteps: MOST_STEPS })
}

export function makePiece(patch: PatchGrid, images: Float64Array): Piece {
  const d = patch.grid.dimension
  const from = new Float64Array(d).fill(Infinity)
  const to = new Float64Array(d).fill(-Infinity)
  for (let at = 0; at < images.length; at++) {
    const i = at % d
    if (images[at] < from[i]) from[i] = images[at]
    if (images[at] > to[i]) to[i] = images[at]
  }
  return { ...patch, images, inverse: gridInverse(patch.grid, images), from, to }
}

/**
 * The table of an angle from its pieces. Points that none of them finds, outside their images or where the inversion fails, are carried
 * back along their own characteristics, as are those that start so far from all modes that no probe measured the nodes there. Where patches overlap, the one counts whose mode is nearest; beyond the reach of its modes none does: its map is all but flat
 * there, and ripples of the spline have images of their own.
 */
export function tableFrom(carrier: Flow, theta: number, pieces: readonly Piece[]): Table {
  const d = pieces[0]?.grid.dimension ?? 1
  const only = pieces.length === 1 ? pieces[0] : undefined
  return {
    invert(y, owners) {
      if (only && !only.map) {
        const target = y.slice()
        const missed = only.inverse(y)
        const unseen = new Set(missed)
        for (let row = 0; row < y.length; row += d)
          if (!unseen.has(row) && beyondModes(only.patch, y, row)) missed.push(row)
        traceBack(carrier, theta, y, d, missed, target)
        owners?.fill(0)
        if (owners) for (const row of missed) owners[row / d] = -1
        return missed.length
      }
      const target = y.slice()
      const owner = owners ?? new Int32Array(y.length / d)
      owner.fill(-1)
      const distance = new Float64Array(y.length / d).fill(Infinity)
      for (const thorough of [false, true])
        for (const [k, piece] of pieces.entries()) {
          const rows = candidates(piece, target, distance, thorough ? Infinity : NEAR)
          if (rows.length === 0) continue
          const places = new Float64Array(rows.length * d)
          for (const [at, row] of rows.entries()) places.set(target.subarray(row * d, (row + 1) * d), at * d)
          const missed = new Set(piece.inverse(places, thorough))
          piece.map?.toStart(places)
          for (const [at, row] of rows.entries()) {
            if (missed.has(at * d)) continue
            const own = distanceToModes(piece.patch, places, at * d)
            if (!(own < distance[row]) || own > piece.patch.reach) continue
            distance[row] = own
            owner[row] = k
            for (let i = 0; i < d; i++) y[row * d + i] = places[at * d + i]
          }
        }
      const missed: number[] = []
      for (let row = 0; row < owner.length; row++) if (owner[row] < 0) missed.push(row * d)
      traceBack(carrier, theta, y, d, missed, target)
      return missed.length
    },
  }
}

/** The rows that are not found, or not near the mode that they were found at, and may be in this patch. */
function candidates(piece: Piece, target: Float64Array, distance: Float64Array, beyond: number): number[] {
  const { from, to } = piece
  const d = from.length
  const rows: number[] = []
  for (let row = 0; row < distance.length; row++) {
    if (beyond === Infinity ? distance[row] < Infinity : !(distance[row] > beyond)) continue
    let inside = true
    for (let i = 0; i < d; i++) {
      const value = target[row * d + i]
      inside &&= value >= from[i] && value <= to[i]
    }
    if (inside) rows.push(row)
  }
  return rows
}

/** A patch with the nodes that it has in a grid, and what carries them. */
export interface Part extends PatchGrid {
  readonly rtol: number
  readonly carrier: Flow
  /** [size, d] the starts y(0) of the nodes */
  readonly starts: Float64Array
}

export function makePart(density: Density, patch: Patch, nodes: number, rtol: number): Part {
  const grid = patchGrid(patch, nodes)
  return { ...grid, rtol, carrier: tableCarrier(density, rtol), starts: startNodes(grid) }
}

/** The pieces of a part at angles above 0. */
export function piecesAt(part: Part, thetas: Float64Array): Piece[] {
  const levels = part.carrier.carry(Float64Array.of(0, ...thetas), part.starts)
  return levels.slice(1).map((images) => makePiece(part, images))
}

/**
 * Replaces rows of y, positions at θ, by their starts at θ = 0, along their own characteristics: what a grid does with points
 * that it does not reach.
 *
 * @param rows where the rows start in y
 * @param from the positions, where y itself does not hold them any more
 */
export function traceBack(
  carrier: Flow,
  theta: number,
  y: Float64Array,
  dimension: number,
  rows: readonly number[],
  from: Float64Array = y,
): void {
  if (rows.length === 0) return
  const places = new Float64Array(rows.length * dimension)
  for (const [k, row] of rows.entries()) places.set(from.subarray(row, row + dimension), k * dimension)
  const starts = carrier.carry(Float64Array.of(theta, 0), places)[1] as Float64Array
  for (const [k, row] of rows.entries()) y.set(starts.subarray(k * dimension, (k + 1) * dimension), row)
}

/**
 * Replaces the rows of y, n·d values, by the points of the grid's box whose images they are. Returns the starts of rows without one.
 * Not thorough: from the nearest node only.
 */
export type GridInverse = (y: Float64Array, thorough?: boolean) => number[]

/** Numbers a node that an inverse keeps or needs while it is made: images, coefficients twice, the kernel's own. */
export function inverseNumbers(dimension: number): number {
  return 3 * dimension + tableKernelNumbers(dimension)
}

/**
 * The inverse of the quintic spline through the images of the nodes, by Newton's method (docs/mathematics.md §2, the forward-map
 * grid). It starts from the node with the nearest image and that node's own inverse Jacobian; where that does not lead to
 * the point, as happens near a layer, other nodes are tried. The flow keeps orientation, so a determinant that is not positive
 * is a failure, as is a point outside the images.
 *
 * @param images [nodes^d, d]
 */
export function gridInverse(grid: UniformGrid, images: Float64Array): GridInverse {
  const { dimension, nodes, low, spacing } = grid
  const coefficients = splineCoefficients(quintic, images, nodes, dimension, dimension)
  const kernel = new TableKernel({ dimension, nodes, images, coefficients })
  return (y, thorough = true) => {
    const target = y.slice()
    const missed = kernel.invert(y) > 0 ? retry(kernel, y, target, dimension, thorough) : []
    for (let row = 0; row < y.length; row += dimension)
      for (let i = 0; i < dimension; i++) y[row + i] = low[i] + spacing[i] * y[row + i]
    for (const row of missed) for (let i = row; i < row + dimension; i++) y[i] = target[i]
    return missed
  }
}

/** Tries other starts for the rows that are NaN, and returns those for which none will do. */
function retry(
  kernel: TableKernel,
  y: Float64Array,
  target: Float64Array,
  d: number,
  thorough: boolean,
): number[] {
  const missed: number[] = []
  for (let row = 0; row < y.length; row += d) {
    if (!Number.isNaN(y[row])) continue
    for (let i = row; i < row + d; i++) y[i] = target[i]
    if (!thorough || !kernel.invertAround(y, row)) missed.push(row)
  }
  return missed
}
