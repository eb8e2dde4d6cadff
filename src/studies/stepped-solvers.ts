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

// from where the error is of the order of theory to a little above rounding, on a smooth problem
const counts: Readonly<Record<TableauName, readonly number[]>> = {
  euler: [64, 128, 256, 512],
  heun: [64, 128, 256, 512],
  bosh3: [32, 64, 128, 256],
  dopri5: [32, 64, 128, 256],
  tsit5: [32, 64, 128, 256],
  dopri8: [16, 24, 32, 48],
  verner9: [12, 16, 24, 32],
  feagin10: [12, 16, 24, 32],
}

/**
 * Characteristics with equal steps by a Runge–Kutta method. @throws InputError for a name that is not one of `tableaux`
 *
 * @example convergenceTest(steppedCharacteristics('dopri8', [16, 32, 64]), problem, { time: 5 })
 */
export function steppedCharacteristics(
  tableau: TableauName,
  own: readonly number[] = counts[tableau],
): SteppedSolver {
  if (!Object.hasOwn(tableaux, tableau))
    throw new InputError('tableau', tableau, `one of ${Object.keys(tableaux).join(', ')}`)
  return {
    name: `characteristics:${tableau}`,
    order: tableaux[tableau].order,
    counts: own,
    method: (steps) => fixedSteps({ tableau, steps }),
  }
}
