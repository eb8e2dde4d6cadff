import type { Method } from '../../src/consistency-function.ts'
import { BlockSolver } from './block-solver.ts'
import { gather, scatter, similarBlocks } from './blocks.ts'
import { descent } from './descent.ts'
import { checkOptions, type RungeKuttaOptions } from './options.ts'

/**
 * The method of characteristics: f(t, x) is where the trajectory of the probability-flow ODE through (t, x) starts, so
 * follow it from t to 0 by an adaptive Runge–Kutta method (docs/mathematics.md §1 and §2).
 *
 * Rows are sorted into blocks of similar trajectories, and a block shares its steps: the results of a row depend, within
 * the tolerance, on the rows evaluated with it. For data on points or planes, where the score has no limit at t = 0,
 * the trajectory is followed to t = 1e-11 c and ends with the denoiser. For a single point mass f = μ.
 *
 * @throws InputError for an option out of range; evaluating throws ComputationError when the tolerance is out of reach
 * @example const f = await solve(problem, rungeKutta({ rtol: 1e-10 }), { time: 80 })
 */
export function rungeKutta(options: RungeKuttaOptions = {}): Method {
  const checked = checkOptions(options)
  return {
    name: 'characteristics',
    options: { ...checked },
    target: 'map',
    random: false,
    solveVe(density) {
      const { dimension, moments } = density
      const solver = new BlockSolver(dimension, checked)
      const descend = descent(density, solver, checked.coordinates)
      return {
        get functionEvaluations() {
          return solver.evaluations
        },
        evaluate(t, x) {
          const f = x.slice()
          if (t === 0) return f
          const { order, starts } = similarBlocks(x, dimension, moments)
          let block = new Float64Array(0)
          for (let k = 0; k + 1 < starts.length; k++) {
            const length = (starts[k + 1] - starts[k]) * dimension
            if (block.length !== length) block = new Float64Array(length)
            gather(x, dimension, order, starts[k], starts[k + 1], block)
            descend(t, block)
            scatter(block, dimension, order, starts[k], starts[k + 1], f)
          }
          return f
        },
      }
    },
  }
}
