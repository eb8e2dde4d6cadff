import { InputError } from '../../src/errors.ts'
import type { Density } from '../../src/problem/density.ts'
import { LAST_TIME } from '../../src/problem/process.ts'
import { comovingVelocity, fromComoving, toComoving } from './comoving.ts'
import type { Velocity } from './engine.ts'
import { denoiserVelocity, scoreVelocity } from './plain.ts'

// Data on points, lines or planes: below SWITCH·c the ODE is integrated in t, where x is linear in t as soon as the
// nearest point is certain, down to FLOOR·c, where D(t, x) is that point to rounding.
const SWITCH = 0.05
export const FLOOR = 1e-11
// eigenvalues of the covariance below this times the largest are rounding
const DEGENERATE = 1e-15

/** A part of the way from one time to another in one kind of coordinates: s is θ or t, the state y or x. */
export interface Leg {
  readonly name: 'θ' | 't'
  readonly velocity: Velocity
  /** s at its ends. */
  readonly from: number
  readonly to: number
  /** t at its ends. */
  readonly start: number
  readonly end: number
  /** s at time t, and back. */
  at(t: number): number
  time(s: number): number
  /** A difference of states at time t is this share of one of places. */
  share(t: number): number
  /** x at time t to the state, in place, and back. */
  enter(t: number, x: Float64Array): void
  leave(t: number, y: Float64Array): void
}

/** Whether the data lies on points, lines or planes: its score then has no limit at t = 0. */
export function isFlat({ atomic, moments: { eigenvalues } }: Density): boolean {
  return atomic || eigenvalues[0] <= DEGENERATE * (eigenvalues.at(-1) ?? 0)
}

/**
 * The way of a trajectory from time t to u, in either direction. Where the data is flat it ends, or has to begin, at
 * FLOOR·c above 0. Needs a data scale above 0.
 */
export function createLegs(
  density: Density,
  coordinates: 'comoving' | 't',
): (t: number, u: number) => readonly Leg[] {
  const { scale } = density.moments
  const flat = isFlat(density)
  const comoving = comovingVelocity(density)
  const plain = flat ? denoiserVelocity(density) : scoreVelocity(density)

  function comovingLeg(start: number, end: number): Leg {
    const angle = (t: number) => Math.atan2(t, scale)
    const [from, to] = [angle(start), angle(end)]
    return {
      name: 'θ',
      velocity: comoving,
      from,
      to,
      start,
      end,
      at: angle,
      time: (theta) => (theta === to ? end : theta === from ? start : scale * Math.tan(theta)),
      share: (t) => 1 / Math.hypot(scale, t),
      enter: (t, x) => toComoving(density, t, x, x),
      leave: (t, y) => fromComoving(density, t, y, y),
    }
  }

  function plainLeg(start: number, end: number): Leg {
    const identity = (t: number) => t
    const ends = { from: start, to: end, start, end }
    return {
      name: 't',
      velocity: plain,
      ...ends,
      at: identity,
      time: identity,
      share: () => 1,
      enter: () => undefined,
      leave: () => undefined,
    }
  }

  return (t, u) => {
    if (coordinates === 't' && Math.max(t, u) >= LAST_TIME)
      throw new InputError(
        'coordinates',
        coordinates,
        'comoving at the end of a process where no data are left',
      )
    if (coordinates === 't' && !flat) return [plainLeg(t, u)]
    if (!flat) return [comovingLeg(t, u)]
    const floor = FLOOR * scale
    if (t < u && t < floor)
      throw new InputError('the time to start from', t, `at least ${floor} for data on points or planes`)
    const [start, end] = [t, Math.max(u, Math.min(t, floor))]
    const change = coordinates === 'comoving' ? SWITCH * scale : Infinity
    if (start <= change && end <= change) return [plainLeg(start, end)]
    if (start >= change && end >= change) return [comovingLeg(start, end)]
    return start > end
      ? [comovingLeg(start, change), plainLeg(change, end)]
      : [plainLeg(start, change), comovingLeg(change, end)]
  }
}
