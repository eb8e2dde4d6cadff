import { fromComoving } from '../../solvers/characteristics/comoving.ts'
import type { Density } from '../../src/problem/density.ts'

/** A square grid of cell centres in comoving coordinates y, and its points x at time T. */
export interface MapGrid {
  readonly nodes: number
  /** |y_i| ≤ halfWidth */
  readonly halfWidth: number
  /** nodes² points, row-major, lowest row first */
  readonly x: Float64Array
}

// p_T is close to a standard normal in y: 99.7 % a coordinate
const HALF_WIDTH = 3

/** The points of an error map at VE time T, in two dimensions only. */
export function errorMapPoints(density: Density, time: number, nodes: number): MapGrid | null {
  if (density.dimension !== 2) return null
  const y = new Float64Array(2 * nodes * nodes)
  const centre = (i: number) => HALF_WIDTH * ((2 * i + 1) / nodes - 1)
  for (let row = 0; row < nodes; row++)
    for (let column = 0; column < nodes; column++) {
      y[2 * (row * nodes + column)] = centre(column)
      y[2 * (row * nodes + column) + 1] = centre(row)
    }
  fromComoving(density, time, y, y)
  return { nodes, halfWidth: HALF_WIDTH, x: y }
}
