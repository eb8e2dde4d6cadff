import { settle } from '../../src/attempt.ts'
import { InputError } from '../../src/errors.ts'
import type { Density } from '../../src/problem/density.ts'
import { BlockSolver, type Statistics } from './block-solver.ts'
import { gather, scatter, similarBlocks } from './blocks.ts'
import { comovingVelocity } from './comoving.ts'
import { type Failure, rowReport } from './failures.ts'
import { checkOptions, type RungeKuttaOptions } from './options.ts'

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
  const checked = checkOptions(options)
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
      const positions = Array.from(thetas, () => new Float64Array(y0.length))
      const failures = new Map<number, Failure>()
      // without positions in between, the steps of a mixture are those in WebAssembly
      const direct = thetas.length === 2
      const fused = direct && velocity.mixture !== undefined
      const { order, starts } = similarBlocks(y0, dimension, moments, checked.stepSize, fused)
      if (direct) positions[0].set(y0)
      let block = new Float64Array(0)
      for (let k = 0; k + 1 < starts.length; k++) {
        const [from, to] = [starts[k], starts[k + 1]]
        const length = (to - from) * dimension
        if (block.length !== length) block = new Float64Array(length)
        gather(y0, dimension, order, from, to, block)
        const emit = (i: number, y: Float64Array) =>
          scatter(y, dimension, order, from, to, positions[i] as Float64Array)
        const outputs = direct ? undefined : { at: thetas, emit }
        const failed = solver.run('θ', velocity, thetas[0], thetas[thetas.length - 1], block, outputs)
        for (const [row, failure] of failed) {
          failures.set(order[from + row], failure)
          if (direct) block.fill(Number.NaN, row * dimension, (row + 1) * dimension)
        }
        if (direct) emit(1, block)
      }
      const values = positions[positions.length - 1] as Float64Array
      settle({ values, ...rowReport(y0.length / dimension, failures) }, dimension)
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
