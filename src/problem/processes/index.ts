import type { ProblemRecord } from '../../specification.ts'
import type { Process } from '../process.ts'
import { refuseFunction } from '../refuse-function.ts'
import { cosine } from './cosine.ts'
import { custom } from './custom.ts'
import { ddpm } from './ddpm.ts'
import { flowMatching } from './flow-matching.ts'
import { interpolant } from './interpolant.ts'
import { ve } from './ve.ts'
import { subVp, vp } from './vp.ts'

/** The process of a problem file. */
export function createProcess(spec: ProblemRecord['process']): Process {
  switch (spec.kind) {
    case 've':
    case 'edm':
      return ve(spec.kind)
    case 'vp':
      return vp(spec.betaMin, spec.betaMax)
    case 'subVp':
      return subVp(spec.betaMin, spec.betaMax)
    case 'flowMatching':
      return flowMatching()
    case 'cosine':
      return cosine(spec.s)
    case 'ddpm':
      return ddpm(spec)
    case 'interpolant':
      return interpolant(spec)
    case 'function':
      throw refuseFunction('problem.process')
    case 'custom':
      return custom(spec)
  }
}
