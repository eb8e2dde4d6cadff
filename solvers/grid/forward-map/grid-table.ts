import type { ProblemRecord } from '../../../src/specification/problem.ts'
import type { LevelTable, TableError } from './level-table.ts'

/** A table with the problem it was made for. */
export interface GridTable extends LevelTable {
  readonly problem: ProblemRecord
  /** T of the problem's own process. */
  readonly time: number
}

/** What a table says of itself. */
export interface TableDiagnostics {
  readonly nodes: number
  readonly levels: number
  /** The largest of the errors. */
  readonly estimate: number
  /** At times (of the VE problem) up to T, in units of x, from trajectories whose both ends are known. */
  readonly errors: readonly TableError[]
  readonly evaluated: number
  /** Points that the table did not find and a characteristic was traced for. */
  readonly traced: number
}
