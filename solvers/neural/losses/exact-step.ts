import { ComputationError } from '../../../src/errors.ts'
import { BlockSolver } from '../../characteristics/block-solver.ts'
import { checkOptions } from '../../characteristics/options.ts'
import type { LossContext } from './loss.ts'

// below the rounding of the float32 networks
const RTOL = 1e-8
// trajectories of point masses have no velocity at θ = 0: this share of the first interval stands for it
const NEAR_START = 1e-6

/** y of every row at its angle `to`, from y at its angle `from`, along the flow. */
type ExactStep = (from: Float64Array, to: Float64Array, y: Float64Array, context: LossContext) => Float64Array

/**
 * The flow itself as the step of a discrete loss: an adaptive Runge–Kutta method of order 8 to a tolerance of 1e-8, all rows at once, each
 * from its own angle to its own, so that no error of the step is left (docs/mathematics.md §4.1).
 *
 * @throws ComputationError (from the step) when the tolerance is out of reach
 */
export function exactStep(): ExactStep {
  let solver: BlockSolver | null = null
  return (from, to, y, { velocity, coordinates, interval }) => {
    solver ??= new BlockSolver(coordinates.dimension, checkOptions({ rtol: RTOL }))
    const d = coordinates.dimension
    const spans = from.map((angle, i) => (to[i] > 0 ? to[i] : NEAR_START * interval) - angle)
    const angles = new Float64Array(from.length)
    const reached = y.slice()
    const { at } = solver.attempt(
      (share, position, out) => {
        for (let i = 0; i < angles.length; i++) angles[i] = from[i] + share * spans[i]
        velocity.at(angles, position, out)
        for (let i = 0; i < out.length; i++) out[i] *= spans[Math.floor(i / d)]
      },
      0,
      1,
      reached,
    )
    if (at === 1) return reached
    throw new ComputationError(
      'A step of cd along the flow did not reach its tolerance. Try more intervals, or the step of Heun.',
    )
  }
}
