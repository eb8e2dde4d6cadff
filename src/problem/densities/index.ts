import type { ProblemRecord } from '../../specification.ts'
import type { Density } from '../density.ts'
import type { Process } from '../process.ts'
import { createProcess } from '../processes/index.ts'
import { refuseFunction } from '../refuse-function.ts'
import { empirical } from './empirical.ts'
import { expression } from './expression.ts'
import { formula } from './formula/formula.ts'
import { gaussian, mixture } from './mixture.ts'
import { neural } from './neural.ts'
import { product } from './product.ts'
import { radial } from './radial.ts'
import { checkDataSize } from './size.ts'

/** The density of a problem file. A new kind is a schema in specification.ts, a file here and a line below. */
export function createDensity(spec: ProblemRecord['data'], process: Process): Density {
  checkDataSize(spec)
  switch (spec.kind) {
    case 'gaussian':
      return gaussian(spec)
    case 'mixture':
      return mixture(spec)
    case 'product':
      return product(spec)
    case 'empirical':
      return empirical(spec)
    case 'expression':
      return expression(spec, process)
    case 'formula':
      return formula(spec)
    case 'radial':
      return radial(spec)
    case 'function':
      throw refuseFunction('problem.data')
    case 'neural':
      return neural(spec, process, (problem) => createDensity(problem.data, createProcess(problem.process)))
  }
}
