import { fixedSteps, type TableauName, tableaux } from '../../solvers/characteristics/index.ts'
import type { Method } from '../consistency-function.ts'
import { InputError } from '../errors.ts'

/** A solver with a resolution that can be chosen. */
export interface SteppedSolver {
  readonly name: string
  /** The order of theory for a smooth problem: the error is O(1/count^order). */
  readonly order: number
  /** Resolutions to try, ascending: steps, or nodes an axis. */
  readonly counts: readonly number[]
  method(count: number): Method
}

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
