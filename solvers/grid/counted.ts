import type { Velocity } from '../characteristics/engine.ts'

/** A velocity that counts the points it was evaluated at. */
export interface CountedVelocity {
  readonly velocity: Velocity
  readonly evaluations: number
}

export function counted(velocity: Velocity, dimension: number): CountedVelocity {
  let evaluations = 0
  return {
    velocity(theta, y, out) {
      evaluations += y.length / dimension
      velocity(theta, y, out)
    },
    get evaluations() {
      return evaluations
    },
  }
}
