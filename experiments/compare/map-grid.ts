import { characteristicsAt, createMethod } from '../../solvers/method-specification.ts'
import { fromComoving } from '../../src/characteristics/probability-flow.ts'
import { exactMap } from '../../src/exact/exact.ts'
import type { Density } from '../../src/problem/density.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { cellCentre } from '../../src/report/packed-errors.ts'
import { solve } from '../../src/solve.ts'

/** Cell centres in comoving coordinates y, on the line or on a square, and their points x at several times. */
export interface MapGrid<Points extends MapPoints = MapPoints> {
  readonly dimension: 1 | 2
  /** Places an axis */
  readonly nodes: number
  /** |y_i| ≤ halfWidth */
  readonly halfWidth: number
  /** Rising, the last is T */
  readonly times: readonly Points[]
}

export interface MapPoints {
  /** VE time */
  readonly time: number
  /** nodes^d points, row-major, lowest row first */
  readonly x: Float64Array
}

// p_T is close to a standard normal in y: 99.7 % a coordinate
const HALF_WIDTH = 3
// places of a line for each of its times
const LINE_SHARPER = 4

/**
 * The points of error maps at equal steps of θ = arctan(t/c) up to the VE time given: in the plane a square of nodes² for each of
 * `count` times, on the line 4·nodes for each of `nodes` times, which make one map over place and time; null above.
 */
export function errorMapPoints(density: Density, time: number, nodes: number, count: number): MapGrid | null {
  const { dimension } = density
  if (dimension === 1) return mapGrid(density, 1, LINE_SHARPER * nodes, mapTimes(density, time, nodes))
  return dimension === 2 ? mapGrid(density, 2, nodes, mapTimes(density, time, count)) : null
}

/** The grid at these VE times. */
export function mapGrid(
  density: Density,
  dimension: 1 | 2,
  nodes: number,
  times: readonly number[],
): MapGrid {
  const y = Float64Array.from({ length: dimension * nodes ** dimension }, (_, i) => {
    const cell = Math.floor(i / dimension)
    return cellCentre(i % dimension === 0 ? cell % nodes : Math.floor(cell / nodes), nodes, HALF_WIDTH)
  })
  return {
    dimension,
    nodes,
    halfWidth: HALF_WIDTH,
    times: times.map((t): MapPoints => {
      const x = new Float64Array(y.length)
      fromComoving(density, t, y, x)
      return { time: t, x }
    }),
  }
}

function mapTimes({ moments: { scale } }: Density, last: number, count: number): number[] {
  const share = (k: number) =>
    scale > 0 ? scale * Math.tan((Math.atan2(last, scale) * k) / count) : (last * k) / count
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? last : share(i + 1)))
}

/** f(t, x): the exact map where one is known, characteristics at a tight tolerance otherwise. */
export async function truthAt(
  problem: Problem,
  time: number,
  maps: readonly MapPoints[],
): Promise<Float64Array[]> {
  const map = exactMap(problem.density)
  if (map) return maps.map((points) => map(points.time, points.x))
  const reference = await solve(problem, await createMethod(characteristicsAt(1e-10)), { time })
  return maps.map((points) => reference.ve.evaluate(points.time, points.x))
}

/** |f̂ − f|²/unit of each row. */
export function squaredErrors(
  truth: Float64Array,
  estimate: Float64Array,
  d: number,
  unit: number,
): Float64Array {
  const squares = new Float64Array(truth.length / d)
  for (let i = 0; i < truth.length; i++) squares[Math.floor(i / d)] += (estimate[i] - truth[i]) ** 2 / unit
  return squares
}
