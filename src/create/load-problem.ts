import type { Problem } from '../problem/problem.ts'
import type { ProblemRecord } from '../specification.ts'
import { closedFormProblem } from './closed-form-problem.ts'

/**
 * The problem of a specification. The modules of formulas and networks are loaded for problems that have them.
 *
 * @throws InputError naming the first key that does not fit
 */
export async function loadProblem(specification: ProblemRecord): Promise<Problem> {
  return closedFormProblem(specification) ?? (await import('./create-problem.ts')).parseProblem(specification)
}
