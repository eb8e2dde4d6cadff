import { valuesOrThrow } from '../attempt.ts'
import { InputError } from '../errors.ts'
import type { Density } from '../problem/density.ts'
import { BlockSolver, type Statistics } from './block-solver.ts'
import { moveBlocks, scatter } from './blocks.ts'
import { attainable, checkOptions, type RungeKuttaOptions } from './options.ts'
import { comovingVelocity } from './probability-flow.ts'

/** Trajectories of the probability-flow ODE in comoving coordinates (docs/mathematics.md §2), forward or backward. */
export interface Flow {
  /**
   * Positions y at each angle of the trajectories that start from y0 at thetas[0], as n·d values for each angle.
   *
   * @param thetas ascending or descending, in [0, π/2]; above 0 for data on points, whose score has no limit there
   * @param y0 n·d values
   * @throws InputError for angles out of order or range
   * @throws UnfinishedError when the tolerance is out of reach, with the positions at the last angle
   */
  carry(thetas: Float64Array, y0: Float64Array): Float64Array[]
  /** Evaluations of the score at one point so far. */
  readonly functionEvaluations: number
  readonly statistics: Statistics
}

/**
 * The flow of a density with a data scale above 0. Points between the first and the last angle come from the dense
 * output of the method, so their number costs little.
 *
 * @example flow(density, { rtol: 1e-9 }).carry(Float64Array.of(0, Math.atan2(T, c)), y0)[1]
 */
export function flow(density: Density, options: Omit<RungeKuttaOptions, 'coordinates'> = {}): Flow {
  const { dimension, moments } = density
  if (moments.scale === 0)
    throw new InputError('the scale of the data', 0, 'above 0 for comoving coordinates')
  const checked = attainable(checkOptions(options), density)
  const solver = new BlockSolver(dimension, checked)
  const velocity = comovingVelocity(density)
  return {
    get functionEvaluations() {
      return solver.evaluations
    },
    get statistics() {
      return solver.statistics
    },
    carry(thetas, y0) {
      checkAngles(thetas, density.atomic)
      const last = thetas.length - 1
      const positions = Array.from(thetas, (): Float64Array => new Float64Array(y0.length))
      positions[0].set(y0)
      const between = thetas.subarray(1, last)
      // without positions in between, the steps of a mixture are those in WebAssembly
      const fused = between.length === 0 && velocity.mixture !== undefined
      const moved = moveBlocks(y0, density, { stepSize: checked.stepSize, fused }, (block, rows) => {
        const emit = (i: number, y: Float64Array) => scatter(y, rows, dimension, positions[i + 1])
        const outputs = between.length > 0 ? { at: between, emit } : undefined
        return solver.run('θ', velocity, thetas[0], thetas[last], block, outputs)
      })
      positions[last] = valuesOrThrow(moved, dimension)
      return positions
    },
  }
}

function checkAngles(thetas: Float64Array, atomic: boolean): void {
  if (thetas.length === 0) throw new InputError('thetas', thetas, 'at least one angle')
  const direction = Math.sign(thetas[thetas.length - 1] - thetas[0])
  thetas.forEach((theta, i) => {
    if (!(theta >= 0 && theta <= Math.PI / 2))
      throw new InputError(`thetas[${i}]`, theta, 'an angle in [0, π/2]')
    if (atomic && theta === 0)
      throw new InputError(`thetas[${i}]`, theta, 'an angle above 0: the data are points')
    if (i > 0 && !(direction * (theta - thetas[i - 1]) >= 0))
      throw new InputError(`thetas[${i}]`, theta, 'angles that only grow or only shrink')
  })
}
