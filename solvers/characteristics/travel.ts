import { InputError } from '../../src/errors.ts'
import type { Density } from '../../src/problem/density.ts'
import { inside } from '../../src/problem/inside.ts'
import type { BlockSolver } from './block-solver.ts'
import type { Velocity } from './engine.ts'
import { type Failure, type Failures, NONE } from './failures.ts'
import { createLegs } from './legs.ts'

/** A block of rows from their places x at time t to those at time u, in place. Returns the rows that did not arrive. */
export type Travel = (t: number, u: number, x: Float64Array) => Failures

/** How trajectories of this density are followed from one time to another, forward or backward. */
export function createTravel(density: Density, solver: BlockSolver): Travel {
  const { mean, scale } = density.moments
  const d = density.dimension
  // one point mass: x − μ is proportional to t
  if (scale === 0)
    return (t, u, x) => {
      if (t === 0 && u > 0)
        throw new InputError('the time to start from', t, 'above 0 for a single point mass')
      const share = u === t ? 1 : u / t
      for (let i = 0; i < x.length; i++) x[i] = mean[i % d] + share * (x[i] - mean[i % d])
      return NONE
    }

  const legs = createLegs(density, solver.options.coordinates)
  return (t, u, x) => {
    if (u === t) return NONE
    let failures: Map<number, Failure> | null = null
    let reached = t
    for (const leg of legs(t, u)) {
      leg.enter(leg.start, x)
      const failed = solver.run(leg.name, leg.velocity, leg.from, leg.to, x)
      leg.leave(leg.end, x)
      if (failed.size > 0) failures = new Map([...failed, ...(failures ?? [])])
      reached = leg.end
    }
    land(density, solver, reached, u, x)
    return failures ?? NONE
  }
}

/** Trajectories of a velocity in t itself, each part of the way up to one of the breaks. */
export function inOwnTime(velocity: Velocity, breaks: readonly number[], solver: BlockSolver): Travel {
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
export function land(
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
