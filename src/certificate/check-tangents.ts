import type { VeMap } from '../consistency-function.ts'
import { difference } from '../derivative/differences.ts'
import { BadInput } from '../io/bad-input.ts'
import type { Trajectories } from '../metrics/carried-sample.ts'
import type { Density } from '../problem/density.ts'
import { alongFlow, angleRate, velocity } from './velocity.ts'

/** Times and rows that are looked at. */
const TIMES = 12
const ROWS = 32
/** Differences that are known to this share of themselves can contradict a tangent, */
const KNOWN = 0.05
/** which then is off by more than this share, */
const OFF = 0.2
/** and by more than what single precision leaves of the terms of a tangent. */
const ROUNDING = 3e-5
/** Beyond, as a share of the data scale, the data are lost in the rounding of points x + h dx. */
const FURTHEST = 1e6
/** One time alone may be an accident of the rows. */
const FEWEST = 2

/** Tangents at one time beside differences with their own error, all of them values of some rows. */
export interface Compared {
  readonly tangent: Float64Array
  readonly difference: Float64Array
  /** How far the differences may be off. */
  readonly error: Float64Array
  /** The size of a tangent that is nothing but rounding. */
  readonly rounding: number
}

/**
 * Whether tangents are not the derivatives of the values. Only differences that have settled say anything: those of a map that changes
 * faster than any step do not.
 */
export function contradicted({ tangent, difference: slope, error, rounding }: Compared): boolean {
  const size = length(slope)
  const off = length(tangent.map((value, i) => value - slope[i]))
  return (
    length(error) <= KNOWN * size + rounding &&
    off > OFF * Math.max(size, length(tangent)) + rounding * Math.sqrt(tangent.length)
  )
}

/**
 * Compares the Jacobian–vector product of a map with differences of its values along trajectories, at some times and rows.
 *
 * @param name what to call the product in an error
 * @throws InputError when they contradict each other at several times
 */
export function checkTangents(
  name: string,
  map: VeMap,
  density: Density,
  { times, positions }: Pick<Trajectories, 'times' | 'positions'>,
): void {
  const { dimension: d, moments } = density
  const [from, to] = [times[0], times[times.length - 1]]
  const chosen = new Set(
    Array.from({ length: TIMES }, (_, k) => Math.round((k * (times.length - 1)) / (TIMES - 1))),
  )
  let wrong = 0
  for (const k of chosen) {
    const time = times[k]
    const x = someRows(positions[k], d)
    if (map.alongFlow && time > FURTHEST * moments.scale) continue
    const dx = velocity(density, time, x)
    const { tangent, error: own } = alongFlow(map, density, time, x, dx)
    // differences themselves
    if (own) return
    const options = { dimension: d, speed: 1 / angleRate(moments.scale, time), from, to }
    const slope = difference(
      (at, points) => points.map((place, i) => map.evaluate(at[i], place)),
      ...([time, x, dx, options] as const),
    )
    const rounding = ROUNDING * (rms(dx) + rms(slope.value) * angleRate(moments.scale, time))
    if (!contradicted({ tangent, difference: slope.tangent, error: slope.error, rounding })) continue
    if (++wrong < FEWEST) continue
    throw new BadInput(
      name,
      `has derivatives that contradict its values: along trajectories at t = ${time.toPrecision(3)} of the VE process they are ` +
        `${rms(tangent).toPrecision(3)} in the root mean square where differences of f give ${rms(slope.tangent).toPrecision(3)}`,
      'the derivatives of f',
    )
  }
}

/** Some rows of n·d values, from all over. */
export function someRows(x: Float64Array, d: number): Float64Array {
  const n = x.length / d
  const count = Math.min(n, ROWS)
  return Float64Array.from(
    { length: count * d },
    (_, i) => x[Math.floor((Math.floor(i / d) * n) / count) * d + (i % d)],
  )
}

function length(values: Float64Array): number {
  return Math.hypot(...values)
}

function rms(values: Float64Array): number {
  return length(values) / Math.sqrt(values.length)
}
