import { flow } from '../../../src/characteristics/probability-flow.ts'
import type { Density } from '../../../src/problem/density.ts'
import { DEGREE, type Levels, panelAngles } from './levels.ts'
import { TIGHTEST } from './table.ts'

/** Halvings of a panel after which it is taken as it is. */
const HALVINGS = 10

/**
 * Panels of θ on which trajectories are polynomials of DEGREE to within `tolerance` in y: halved until the last two coefficients of the Chebyshev
 * series of trajectories that are carried for it are below.
 *
 * @param starts n·d positions y(0)
 */
export function chooseLevels(
  density: Density,
  time: number,
  starts: Float64Array,
  tolerance: number,
): { levels: Levels; functionEvaluations: number } {
  const rtol = Math.max(TIGHTEST, tolerance / 10)
  const carrier = flow(density, { rtol, atol: rtol })
  const last = Math.atan2(time, density.moments.scale)
  const ends = [0, last]
  let open: [number, number][] = [[0, last]]
  for (let round = 0; round <= HALVINGS && open.length > 0; round++) {
    const angles = open.flatMap(([from, to]) => [...panelAngles(from, to)])
    const positions = carrier.carry(Float64Array.of(0, ...angles), starts).slice(1)
    const rough = open.filter((_, panel) => {
      const values = positions.slice(panel * (DEGREE + 1), (panel + 1) * (DEGREE + 1))
      return lastCoefficients(values) > tolerance
    })
    open = rough.flatMap(([from, to]): [number, number][] => {
      const middle = (from + to) / 2
      ends.push(middle)
      return [
        [from, middle],
        [middle, to],
      ]
    })
  }
  return {
    levels: { ends: Float64Array.from(ends).sort(), time },
    functionEvaluations: carrier.functionEvaluations,
  }
}

/** The largest of the last two coefficients of the series through values at the points of a panel, over all columns. */
function lastCoefficients(values: readonly Float64Array[]): number {
  let largest = 0
  for (const k of [DEGREE - 1, DEGREE])
    for (let i = 0; i < values[0].length; i++) {
      let sum = 0
      for (let j = 0; j <= DEGREE; j++)
        sum += (j % DEGREE === 0 ? 0.5 : 1) * values[j][i] * Math.cos((Math.PI * k * (DEGREE - j)) / DEGREE)
      largest = Math.max(largest, Math.abs((sum * (k === DEGREE ? 1 : 2)) / DEGREE))
    }
  return largest
}
