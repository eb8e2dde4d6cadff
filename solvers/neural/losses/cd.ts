import { BlockSolver } from '../../../src/characteristics/block-solver.ts'
import { checkOptions } from '../../../src/characteristics/options.ts'
import { ComputationError } from '../../../src/errors.ts'
import { type Loss, type LossContext, valueResidual } from '../loss.ts'
import type { TrainingPoints } from '../training-points.ts'
import { discreteBatch, previousAngles } from './pairs.ts'

/** Solvers of the one backward step of consistency distillation. */
export type StepSolver = 'euler' | 'heun' | 'exact'

export const stepSolvers: readonly StepSolver[] = ['euler', 'heun', 'exact']

const causes: Readonly<Record<StepSolver, (intervals: number) => string>> = {
  euler: (n) =>
    `Its targets are ${n} steps of Euler's method: an error of first order in the step, plus what the network could not fit.`,
  heun: (n) =>
    `Its targets are ${n} steps of Heun's method: an error of second order in the step, plus what the network could not fit.`,
  exact: () => 'Its backward steps follow the flow itself: what remains is what the network could not fit.',
}

/**
 * Consistency distillation with the exact score: f(θ_{n+1}, y) is pulled towards f(θ_n, ·) of one backward step of an ODE
 * solver in (θ, y) on θ_n = n θ_T/N. Fixed point: the backward steps composed (docs/mathematics.md §4); with the step `exact`,
 * which follows the flow itself, that is f. The target is the network itself, held fixed, or a moving average of it: on a 2-D
 * mixture with N = 64 a moving average of decay 0.9 gave 1.3×, of 0.99 12× the error.
 */
export function cd(solver: StepSolver): Loss {
  const follow = exactStep()
  return {
    name: 'cd',
    source: `Eulerian identity, discrete (${solver}), exact score: Song et al. 2023 (arXiv:2303.01469), algorithm 2`,
    cause: (intervals) => causes[solver](intervals),
    discrete: true,
    coupled: false,
    movingTarget: true,
    stepSize: ({ interval }) => interval,
    prepareTargets(points, context): TrainingPoints {
      const { theta, y, weight } = points
      const { velocity, interval: h } = context
      const earlier = previousAngles(theta, h)
      if (solver === 'exact') return { theta, y, weight, previous: follow(theta, earlier, y, context) }
      let first = points.velocity
      if (!first) {
        first = new Float64Array(y.length)
        velocity.at(theta, y, first)
      }
      const previous = new Float64Array(y.length)
      for (let i = 0; i < y.length; i++) previous[i] = y[i] - h * first[i]
      if (solver === 'heun') {
        const second = new Float64Array(y.length)
        velocity.at(earlier, previous, second)
        for (let i = 0; i < y.length; i++) previous[i] = y[i] - (h / 2) * (first[i] + second[i])
      }
      return { theta, y, weight, previous }
    },
    batch: discreteBatch,
    residual: valueResidual,
  }
}

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
function exactStep(): ExactStep {
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
