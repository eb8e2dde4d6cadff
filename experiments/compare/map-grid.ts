import { fromComoving } from '../../solvers/characteristics/comoving.ts'
import type { Density } from '../../src/problem/density.ts'

/** A square grid of cell centres in comoving coordinates y, and its points x at several times. */
export interface MapGrid {
  readonly nodes: number
  /** |y_i| ≤ halfWidth */
  readonly halfWidth: number
  /** Rising, the last is T */
  readonly times: readonly MapPoints[]
}

export interface MapPoints {
  /** VE time */
  readonly time: number
  /** nodes² points, row-major, lowest row first */
  readonly x: Float64Array
}

// p_T is close to a standard normal in y: 99.7 % a coordinate
const HALF_WIDTH = 3

/**
 * The points of error maps, in two dimensions only: at equal steps of θ = arctan(t/c) up to the VE time given.
 *
 * @param count of times
 */
export function errorMapPoints(density: Density, time: number, nodes: number, count: number): MapGrid | null {
  if (density.dimension !== 2) return null
  const centre = (i: number) => HALF_WIDTH * ((2 * i + 1) / nodes - 1)
  const y = Float64Array.from({ length: 2 * nodes * nodes }, (_, i) => {
    const cell = i >> 1
    return centre(i % 2 === 0 ? cell % nodes : Math.floor(cell / nodes))
  })
  const times = mapTimes(density.moments.scale, time, count).map((t): MapPoints => {
    const x = new Float64Array(y.length)
    fromComoving(density, t, y, x)
    return { time: t, x }
  })
  return { nodes, halfWidth: HALF_WIDTH, times }
}

function mapTimes(scale: number, last: number, count: number): number[] {
  const share = (k: number) =>
    scale > 0 ? scale * Math.tan((Math.atan2(last, scale) * k) / count) : (last * k) / count
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? last : share(i + 1)))
}
