import type { ProblemRecord } from '../../specification/problem.ts'
import type { Density } from '../density.ts'
import type { Process } from '../process.ts'
import { createProcess } from '../processes/index.ts'
import { refuseFunction } from '../record.ts'
import { closedFormDensity } from './closed-form.ts'
import { expression } from './expression.ts'
import { formula } from './formula/formula.ts'
import { neural } from './neural.ts'

/** The density of a problem file. A new kind is a schema in src/specification/data.ts, a file here and a line below, or in closed-form.ts. */
export function createDensity(spec: ProblemRecord['data'], process: Process): Density {
  const density = closedFormDensity(spec)
  if (density) return density
  switch (spec.kind) {
    case 'expression':
      return expression(spec, process)
    case 'formula':
      return formula(spec)
    case 'neural':
      return neural(spec, process, (problem) => createDensity(problem.data, createProcess(problem.process)))
    default:
      throw refuseFunction('problem.data')
  }
}
