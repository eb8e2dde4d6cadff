import type { Method } from '../consistency-function.ts'
import { checkInteger, InputError } from '../errors.ts'
import { type TableauName, tableaux } from '../numeric/tableaux/index.ts'
import { NO_FAILURES } from './adaptive-steps.ts'
import { BlockSolver } from './block-solver.ts'
import { moveBlocks } from './blocks.ts'
import { checkOptions } from './options.ts'
import { comovingVelocity, fromComoving, toComoving } from './probability-flow.ts'
import { isFlat } from './segments.ts'

export interface FixedStepOptions {
  /** Default heun. */
  readonly tableau?: TableauName
  /** Default 32. */
  readonly steps?: number
}

/**
 * The method of characteristics with equal steps in θ = arctan(t/c), from arctan(t/c) to 0, and no error control: what an order is observed
 * with (docs/mathematics.md §2.7).
 *
 * @throws InputError for an option out of range, or (from `solve`) for data on points or planes
 * @example const f = await solve(problem, fixedSteps({ tableau: 'dopri8', steps: 16 }), { time: 80 })
 */
export function fixedSteps(options: FixedStepOptions = {}): Method {
  const tableau = options.tableau ?? 'heun'
  if (!Object.hasOwn(tableaux, tableau))
    throw new InputError('tableau', tableau, `one of ${Object.keys(tableaux).join(', ')}`)
  const steps = checkInteger('steps', options.steps ?? 32, 1, 1_000_000)
  return {
    name: `characteristics:${tableau}-${steps}`,
    options: { tableau, steps },
    target: 'map',
    random: false,
    solveVe(density) {
      if (isFlat(density))
        throw new InputError('the data', density.kind, 'data with a density for equal steps down to t = 0')
      const { dimension: d, moments } = density
      const velocity = comovingVelocity(density)
      // its error control is not used
      const solver = new BlockSolver(d, { ...checkOptions({}), tableau })
      const stages = tableaux[tableau].b.length
      return {
        get functionEvaluations() {
          return solver.evaluations
        },
        evaluate(t, x) {
          const f = x.slice()
          if (t === 0) return f
          toComoving(density, t, x, f)
          const top = Math.atan2(t, moments.scale)
          const { values } = moveBlocks(f, density, {}, (block) => {
            const integrator = solver.integrator(block.length)
            for (let i = steps; i > 0; i--)
              integrator.advance(velocity, (top * i) / steps, (top * (i - 1)) / steps, block)
            const evaluations = (block.length / d) * steps * stages
            solver.add({ accepted: steps, rejected: 0, evaluations })
            return NO_FAILURES
          })
          fromComoving(density, 0, values, f)
          return f
        },
      }
    },
  }
}
