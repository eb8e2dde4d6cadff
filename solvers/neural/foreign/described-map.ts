import type { VeMap } from '../../../src/consistency-function.ts'
import { InputError } from '../../../src/errors.ts'
import type { Density } from '../../../src/problem/density.ts'

/** A consistency function as it was described: in its own time and coordinates, n·d values each. */
export interface DescribedMap {
  /** The time from which it is to be f; before it f(t, x) = x. */
  readonly start: number
  /** Whether it is a map f(t → u, x) of two times. */
  readonly twoTimes: boolean
  /** Whether derivatives are differences of values. */
  readonly byDifferences: boolean
  /** f(t → u, x), u = 0 unless given. */
  evaluate(t: number, x: Float64Array, u?: number): Float64Array
  /** The same with its derivative along (1, dx), and how far that may be off where it is a difference. */
  jvp(
    t: number,
    x: Float64Array,
    dx: Float64Array,
    u?: number,
  ): { value: Float64Array; tangent: Float64Array; error?: Float64Array }
}

/** Where a point of the VE problem is for the network. */
type Place = (tau: number, y: Float64Array) => { readonly t: number; readonly x: Float64Array }

/** A described map as one of the VE problem. */
export interface Reduced {
  readonly map: VeMap
  readonly place: Place
}

/**
 * A map whose time and coordinates are those of the VE process, of data as they are.
 *
 * @param centre what is subtracted from the data in the VE problem
 */
export function inVeTime(own: DescribedMap, { dimension: d }: Density, centre?: Float64Array): Reduced {
  const moved = (x: Float64Array, sign: 1 | -1) =>
    centre ? x.map((value, i) => value + sign * centre[i % d]) : x
  const to = (u: number): VeMap => ({
    functionEvaluations: 0,
    startTime: startOf(own, u),
    byDifferences: own.byDifferences,
    evaluate: (t, x) => moved(own.evaluate(t, moved(x, 1), u), -1),
    jvp(t, x, dx) {
      const { value, ...rest } = own.jvp(t, moved(x, 1), dx, u)
      return { value: moved(value, -1), ...rest }
    },
    to,
    ...(own.twoTimes && {
      flow: { evaluate: (t, at, x) => moved(own.evaluate(t, moved(x, 1), at), -1) },
    }),
  })
  return { map: to(0), place: (t, y) => ({ t, x: moved(y, 1) }) }
}

// as far as times that were converted differ
const SAME = 1e-6

/**
 * The time from which a network is the map to time u.
 *
 * @throws InputError for another u than 0 and its start where it has one time
 */
export function startOf({ start, twoTimes }: DescribedMap, u: number): number {
  if (u > 0 && !twoTimes && Math.abs(u - start) > SAME * u)
    throw new InputError(
      'the time that the map leads to',
      u,
      start > 0 ? `0, or ${start}, where the network starts` : '0, unless the network is a map of two times',
    )
  return Math.max(start, u)
}
