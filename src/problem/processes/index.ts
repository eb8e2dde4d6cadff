import type { ProblemRecord } from '../../specification/problem.ts'
import type { Process } from '../process.ts'
import { refuseFunction } from '../record.ts'
import { closedFormProcess } from './closed-form.ts'
import { custom } from './custom.ts'
import { ddpm } from './ddpm.ts'
import { interpolant } from './interpolant.ts'

/** The process of a problem file. */
export function createProcess(spec: ProblemRecord['process']): Process {
  const process = closedFormProcess(spec)
  if (process) return process
  switch (spec.kind) {
    case 'ddpm':
      return ddpm(spec)
    case 'interpolant':
      return interpolant(spec)
    case 'custom':
      return custom(spec)
    default:
      throw refuseFunction('problem.process')
  }
}
