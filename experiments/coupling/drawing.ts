import { rungeKutta } from '../../src/characteristics/index.ts'
import { exactMap } from '../../src/exact/exact.ts'
import type { Density } from '../../src/problem/density.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { mapGrid } from '../compare/map-grid.ts'

/** Points at T at which maps are drawn. */
export interface Drawing {
  readonly x: Float64Array
  /** The true map there, where it is known. */
  readonly exact: Float64Array | null
  /** In the plane: cells a side, the half-width of the square in comoving coordinates, and tr Cov(p_data). */
  readonly square: { readonly nodes: number; readonly halfWidth: number; readonly trace: number } | null
}

const POINTS = 4001

/** Equally spaced points on the line. */
export function lineDrawing(density: Density, time: number): Drawing {
  const { mean, scale } = density.moments
  const reach = 6 * Math.hypot(scale, time)
  const x = Float64Array.from({ length: POINTS }, (_, i) => mean[0] + reach * ((2 * i) / (POINTS - 1) - 1))
  return { x, exact: exactMap(density)?.(time, x) ?? null, square: null }
}

/** The probabilities of equally spaced points, up to a factor. */
export function probabilities(density: Density, time: number, x: Float64Array): Float64Array {
  const log = new Float64Array(x.length)
  density.logDensity?.(time, x, log)
  return log.map(Math.exp)
}

/** Cell centres of a square in comoving coordinates, row by row from the lowest; so many a side. */
export async function planeDrawing({ density }: Problem, time: number, cells: number): Promise<Drawing> {
  const { nodes, halfWidth, times } = mapGrid(density, 2, cells, [time])
  const [{ x }] = times
  const map = await rungeKutta({ rtol: 1e-10, atol: 1e-10 }).solveVe(density, { time, seed: 0 })
  const { trace } = density.moments
  return { x, exact: map.evaluate(time, x), square: { nodes, halfWidth, trace } }
}
