import type { Flow } from '../../../src/characteristics/flow.ts'
import type { Density } from '../../../src/problem/density.ts'
import { type Patch, type PatchGrid, patchGrid, startNodes } from './patch.ts'
import { makePiece, type Piece, tableCarrier } from './table.ts'

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
