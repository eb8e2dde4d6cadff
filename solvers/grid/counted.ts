import type { Velocity } from '../../src/characteristics/engine.ts'

/** A velocity on a grid, told of the points that it is evaluated at past the function itself. */
export interface GridVelocity extends Velocity {
  readonly count?: (points: number) => void
}

/** A velocity that counts the points it was evaluated at. */
interface CountedVelocity {
  readonly velocity: GridVelocity
  readonly evaluations: number
}

export function counted(velocity: Velocity, dimension: number): CountedVelocity {
  let evaluations = 0
  const count = (points: number) => {
    evaluations += points
  }
  const counting: Velocity = (theta, y, out) => {
    count(y.length / dimension)
    velocity(theta, y, out)
  }
  return {
    velocity: Object.assign(counting, { mixture: velocity.mixture, finest: velocity.finest, count }),
    get evaluations() {
      return evaluations
    },
  }
}
