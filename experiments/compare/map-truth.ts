import { characteristicsAt, createMethod } from '../../solvers/method-specification.ts'
import { exactMap } from '../../src/exact/exact.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { solve } from '../../src/solve.ts'
import type { MapPoints } from './map-grid.ts'

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
