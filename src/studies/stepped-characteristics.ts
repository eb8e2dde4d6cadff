import { fixedSteps, type TableauName, tableaux } from '../characteristics/index.ts'
import { InputError } from '../errors.ts'
import type { Problem } from '../problem/problem.ts'
import {
  type ConvergenceOptions,
  type ConvergenceResults,
  orderTable,
  type SteppedSolver,
} from './convergence-test.ts'

/** Steps from where the error is of the order of theory to a little above rounding, on a smooth problem. */
function countsOf(order: number): readonly number[] {
  if (order <= 2) return [64, 128, 256, 512]
  if (order <= 5) return [32, 64, 128, 256]
  return order <= 8 ? [16, 24, 32, 48] : [12, 16, 24, 32]
}

/**
 * Characteristics with equal steps by a Runge–Kutta method. @throws InputError for a name that is not one of `tableaux`
 *
 * @example convergenceTest(steppedCharacteristics('dopri8', [16, 32, 64]), problem, { time: 5 })
 */
export function steppedCharacteristics(tableau: TableauName, counts?: readonly number[]): SteppedSolver {
  if (!Object.hasOwn(tableaux, tableau))
    throw new InputError('tableau', tableau, `one of ${Object.keys(tableaux).join(', ')}`)
  const { order } = tableaux[tableau]
  return {
    name: `characteristics:${tableau}`,
    order,
    counts: counts ?? countsOf(order),
    method: (steps) => fixedSteps({ tableau, steps }),
  }
}

/**
 * The order table of one or more solvers on a problem: the relative error at T (docs/mathematics.md §5) against the step, and the order
 * observed between neighbouring steps. Where f has layers thinner than a cell the orders of grids drop to 0.3–0.7
 * (docs/mathematics.md §2). `convergenceText` and `convergenceFigure` show it.
 *
 * @param solvers solvers, or names of Runge–Kutta methods, for characteristics with equal steps
 * @throws InputError for a solver of fewer than two resolutions, or a time outside the process
 * @example const table = await convergenceTest('dopri8', problem, { time: 5 })
 */
export async function convergenceTest(
  solvers: SteppedSolver | TableauName | readonly (SteppedSolver | TableauName)[],
  problem: Problem,
  options: ConvergenceOptions,
): Promise<ConvergenceResults> {
  const chosen = ([solvers].flat() as (SteppedSolver | TableauName)[]).map((solver) =>
    typeof solver === 'string' ? steppedCharacteristics(solver) : solver,
  )
  return orderTable(chosen, problem, options)
}
