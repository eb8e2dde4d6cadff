import type { Motion } from './scheme.ts'

/** The state f, and the point of a stage. */
export type Place = 'state' | 'point'

/** The fields that a Runge–Kutta step of f_θ = −v·∇f works on, and what it does with them. */
export interface LineFields {
  /** Takes the state, and puts it back: [nodes^d, d] row-major. */
  load(f: Float64Array): void
  store(f: Float64Array): void
  /** Computes the velocity at θ at all nodes and keeps it in a slot. */
  velocity(theta: number, slot: number): void
  /** The same at the places y = ξ − β f of nodes that move, for f at a place. */
  velocityBehind(place: Place, motion: Motion, theta: number, slot: number): void
  /** Stage `stage` = −v·∇f for f at a place and the velocity of a slot. */
  rate(place: Place, slot: number, stage: number): void
  /** place = state + h Σ weights[k] stage k. */
  add(place: Place, h: number, weights: readonly number[]): void
}

/** Which slot holds the velocity at θ: computed only where none of the last `slots` angles asked for is θ. */
export function velocitySlots(
  slots: number,
  compute: (theta: number, slot: number) => void,
): (theta: number) => number {
  // the one asked for last comes last
  const known = Array.from({ length: slots }, (_, slot) => ({ slot, theta: Number.NaN }))
  return (theta) => {
    const index = Math.max(
      0,
      known.findIndex((entry) => entry.theta === theta),
    )
    const [entry] = known.splice(index, 1)
    known.push(entry)
    if (entry.theta !== theta) compute(theta, entry.slot)
    entry.theta = theta
    return entry.slot
  }
}

/** Replaces the rows of f, values at the nodes ξ, by y = ξ − β f, moved to the nearest point within |y_i| ≤ Y. */
export function physicalNodes(f: Float64Array, nodes: Float64Array, { beta, extent }: Motion): void {
  for (let i = 0; i < f.length; i++) f[i] = Math.min(Math.max(nodes[i] - beta * f[i], -extent), extent)
}
