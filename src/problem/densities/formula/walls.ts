import { type Field, zero } from './peaks.ts'
import type { Place } from './support.ts'

/** Lines of a cell that are looked along, both ways, the edges among them; and where on them, from −1 to 1. */
const LINES = [-1, -0.33, 0.33, 1]
const POINTS = [-1, -0.52, 0.04, 0.47, 1]
/** Places of one part of a formula in a cell. */
const MOST = 12

/** A place on a line along an axis. */
export interface Crossing {
  readonly place: Place
  readonly axis: 0 | 1
}

/**
 * Where lines of a cell in the plane cross the zeros of parts of a formula. A wall such as exp(−((x1 − a)/s)²) is as narrow as s, its part x1 − a
 * is not: what the nodes of a cell do not see of a wall, its places on these lines show, since a curve that goes through a cell goes through its edges.
 */
export function crossings(
  fields: readonly Field[],
  middle: readonly [number, number],
  half: readonly [number, number],
): Crossing[] {
  const out: Crossing[] = []
  for (const field of fields) {
    let own = 0
    for (const axis of [0, 1] as const)
      for (const line of LINES) {
        const at = (along: number): Place => {
          const across = middle[1 - axis] + half[1 - axis] * line
          const x = middle[axis] + half[axis] * along
          return axis === 0 ? [x, across] : [across, x]
        }
        const values = POINTS.map((along) => field(at(along)))
        for (let i = 1; i < POINTS.length && own < MOST; i++) {
          if (!(values[i - 1] * values[i] < 0)) continue
          out.push({ place: at(zero((along) => field(at(along)), POINTS[i - 1], POINTS[i])), axis })
          own++
        }
      }
  }
  return out
}

/** The axis that the highest walls are crossed along; null where there is none, or they are crossed along both. */
export function across(
  walls: readonly { readonly value: number; readonly axis: 0 | 1 }[],
  top: number,
): 0 | 1 | null {
  const axes = new Set(walls.filter(({ value }) => value >= top / 2).map(({ axis }) => axis))
  return axes.size === 1 ? ([...axes][0] as 0 | 1) : null
}
