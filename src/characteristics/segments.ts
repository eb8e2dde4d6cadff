import type { VeAttempt } from '../attempt.ts'
import { InputError } from '../errors.ts'
import type { Density } from '../problem/density.ts'
import { inside } from '../problem/inside.ts'
import { LAST_TIME } from '../problem/process.ts'
import { type Failure, type Failures, NO_FAILURES } from './adaptive-steps.ts'
import type { BlockSolver } from './block-solver.ts'
import { moveBlocks } from './blocks.ts'
import type { Velocity } from './engine.ts'
import { fusedMixture } from './fused.ts'
import {
  comovingVelocity,
  denoiserVelocity,
  fromComoving,
  scoreVelocity,
  toComoving,
} from './probability-flow.ts'

// Data on points, lines or planes: below SWITCH·c the ODE is integrated in t, where x is linear in t as soon as the
// nearest point is certain, down to FLOOR·c, where D(t, x) is that point to rounding.
const SWITCH = 0.05
const FLOOR = 1e-11
// eigenvalues of the covariance below this times the largest are rounding
const DEGENERATE = 1e-15

/** A part of the way from one time to another in one kind of coordinates: s is θ or t, the state y or x. */
export interface Segment {
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
export function createSegments(
  density: Density,
  coordinates: 'comoving' | 't',
): (t: number, u: number) => readonly Segment[] {
  const { scale } = density.moments
  const flat = isFlat(density)
  const comoving = comovingVelocity(density)
  const plain = flat ? denoiserVelocity(density) : scoreVelocity(density)

  function comovingSegment(start: number, end: number): Segment {
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

  function plainSegment(start: number, end: number): Segment {
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
    if (coordinates === 't' && !flat) return [plainSegment(t, u)]
    if (!flat) return [comovingSegment(t, u)]
    const floor = FLOOR * scale
    if (t < u && t < floor)
      throw new InputError('the time to start from', t, `at least ${floor} for data on points or planes`)
    const [start, end] = [t, Math.max(u, Math.min(t, floor))]
    const change = coordinates === 'comoving' ? SWITCH * scale : Infinity
    if (start <= change && end <= change) return [plainSegment(start, end)]
    if (start >= change && end >= change) return [comovingSegment(start, end)]
    return start > end
      ? [comovingSegment(start, change), plainSegment(change, end)]
      : [plainSegment(start, change), comovingSegment(change, end)]
  }
}

/** A block of rows from their places x at time t to those at time u, in place. Returns the rows that did not arrive. */
type IntegrateTo = (t: number, u: number, x: Float64Array) => Failures

/** Rows from their places at time t to those at time u; those that did not arrive are NaN. */
export type IntegrateRows = (t: number, u: number, x: Float64Array) => VeAttempt

/** All rows in blocks of similar ones. */
export function integrateRows(density: Density, solver: BlockSolver, integrate: IntegrateTo): IntegrateRows {
  const { coordinates, stepSize } = solver.options
  const fused = coordinates === 'comoving' && fusedMixture(density) !== undefined
  return (t, u, x) => moveBlocks(x, density, { stepSize, fused }, (block) => integrate(t, u, block))
}

/** How trajectories of this density are followed from one time to another, forward or backward. */
export function integrateTo(density: Density, solver: BlockSolver): IntegrateTo {
  const { mean, scale } = density.moments
  const d = density.dimension
  // one point mass: x − μ is proportional to t
  if (scale === 0)
    return (t, u, x) => {
      if (t === 0 && u > 0)
        throw new InputError('the time to start from', t, 'above 0 for a single point mass')
      const share = u === t ? 1 : u / t
      for (let i = 0; i < x.length; i++) x[i] = mean[i % d] + share * (x[i] - mean[i % d])
      return NO_FAILURES
    }

  const segments = createSegments(density, solver.options.coordinates)
  return (t, u, x) => {
    if (u === t) return NO_FAILURES
    let failures: Map<number, Failure> | null = null
    let reached = t
    for (const segment of segments(t, u)) {
      segment.enter(segment.start, x)
      const failed = solver.run(segment.name, segment.velocity, segment.from, segment.to, x)
      segment.leave(segment.end, x)
      if (failed.size > 0) failures = new Map([...failed, ...(failures ?? [])])
      reached = segment.end
    }
    extrapolateToZero(density, solver, reached, u, x)
    return failures ?? NO_FAILURES
  }
}

/** Trajectories of a velocity in t itself, each part of the way up to one of the breaks. */
export function integrateVelocityTo(
  velocity: Velocity,
  breaks: readonly number[],
  solver: BlockSolver,
): IntegrateTo {
  return (t, u, x) => {
    const between = breaks.filter((time) => time > Math.min(t, u) && time < Math.max(t, u))
    const ends = [...(u < t ? between.reverse() : between), u]
    const failures = new Map<number, Failure>()
    let from = t
    for (const to of ends) {
      const [low, high] = [Math.min(from, to), Math.max(from, to)]
      const own: Velocity = ends.length > 1 ? (s, y, out) => velocity(inside(s, low, high), y, out) : velocity
      for (const [row, failure] of solver.run('t', own, from, to, x))
        if (!failures.has(row)) failures.set(row, failure)
      from = to
    }
    return failures
  }
}

/** The rest of the way down to u of places at time `reached`, for flat data: at a time so small that x is linear in t. */
export function extrapolateToZero(
  density: Density,
  solver: BlockSolver,
  reached: number,
  u: number,
  x: Float64Array,
): void {
  if (u >= reached) return
  const place = x.slice()
  density.denoiser(reached, place, x)
  for (let i = 0; i < x.length; i++) x[i] += (u / reached) * (place[i] - x[i])
  solver.add({ accepted: 0, rejected: 0, evaluations: x.length / density.dimension })
}
