import type { Density } from './density.ts'
import type { Process } from './process.ts'
import type { ProblemSpec } from './specification.ts'

/** A process and a data distribution: together they fix the probability-flow ODE and so f. */
export interface Problem {
  readonly specification: ProblemSpec
  readonly process: Process
  readonly density: Density
  readonly dimension: number
}
