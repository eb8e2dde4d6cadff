import { createLaw } from './create-law.ts'
import { createDensity } from './densities/index.ts'
import type { Problem } from './problem.ts'
import { createProcess } from './processes/index.ts'
import { parseWith, problemSchema } from './specification.ts'

/**
 * A problem from the JSON of a problem file.
 *
 * @throws InputError naming the first key that does not fit; unknown keys are refused
 * @example createProblem({ process: { kind: 've' }, data: { kind: 'gaussian', mean: [0], covariance: [[1]] } })
 */
export function createProblem(specification: unknown): Problem {
  const spec = parseWith(problemSchema, specification, 'problem')
  const process = createProcess(spec.process)
  const density = createDensity(spec.data, process)
  const law = createLaw(process, density)
  return { specification: spec, process, density, dimension: density.dimension, ...(law && { law }) }
}
