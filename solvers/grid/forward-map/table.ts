import type { Density } from '../../../src/problem/density.ts'
import { type Flow, flow } from '../../characteristics/flow.ts'
import { traceBack } from '../trace-back.ts'
import type { UniformGrid } from '../uniform-grid.ts'
import { gridInverse } from './inverse.ts'

/** No relative tolerance of characteristics is asked for below this: rounding shows. */
export const TIGHTEST = 1e-13

/** Below this tolerance eighth order needs fewer evaluations than fifth. */
const TIGHT = 1e-8

/** The inverse of y(0) ↦ y(θ) for one angle. */
export interface Table {
  /** Replaces the rows of y, positions at θ, by their starts at θ = 0. Returns how many had to be traced back one by one. */
  invert(y: Float64Array): number
}

/** What carries the nodes of a table, and points that a table does not find. */
export function tableCarrier(density: Density, rtol: number): Flow {
  return flow(density, { rtol, atol: rtol / 100, tableau: rtol < TIGHT ? 'dopri8' : 'dopri5' })
}

/**
 * The table of an angle from the images of its nodes. Points where its inversion fails, or outside the images, are carried
 * back along their own characteristics.
 *
 * @param images [nodes^d, d] y(θ) for the nodes y(0) of the grid
 */
export function tableFrom(carrier: Flow, grid: UniformGrid, theta: number, images: Float64Array): Table {
  const d = grid.dimension
  const inverse = gridInverse(grid, images)
  return {
    invert(y) {
      const missed = inverse(y)
      traceBack(carrier, theta, y, d, missed)
      return missed.length
    },
  }
}
