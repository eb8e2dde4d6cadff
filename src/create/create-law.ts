import { InputError } from '../errors.ts'
import { gridLaw } from '../fokker-planck/index.ts'
import type { ScoreFormula } from '../problem/densities/expression.ts'
import type { Density } from '../problem/density.ts'
import type { Law } from '../problem/law.ts'
import type { Process } from '../problem/process.ts'

/**
 * p_t of a process whose drift is not linear: from a score that is given, or on a grid. Undefined for a linear process.
 *
 * @throws InputError for a drift of another dimension than the data
 */
export function createLaw(process: Process, density: Density): Law | undefined {
  const { nonlinear } = process
  if (!nonlinear) return undefined
  const { dimension } = density
  if (nonlinear.dimension !== null && nonlinear.dimension !== dimension)
    throw new InputError(
      'problem.process.drift',
      `${nonlinear.dimension} formulas`,
      `one, or ${dimension} as the data have coordinates`,
    )
  if (density.kind !== 'expression') return gridLaw({ ...process, nonlinear }, density)
  const { ownScore } = density as ScoreFormula
  return { dimension, prepare: async () => {}, score: ownScore }
}
