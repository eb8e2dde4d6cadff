import type { ProblemRecord } from '../specification/problem.ts'
import type { Density } from './density.ts'
import type { Law } from './law.ts'
import type { Process } from './process.ts'

/** A process and a data distribution: together they fix the probability-flow ODE and so f. */
export interface Problem {
  /** What it was made of; `function` in place of what a file cannot hold. */
  readonly specification: ProblemRecord
  readonly process: Process
  /** p_data, with its laws under the VE process. */
  readonly density: Density
  readonly dimension: number
  /** p_t where the drift is not linear, so that the problem does not reduce to the VE process. */
  readonly law?: Law
}
