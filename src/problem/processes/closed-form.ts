import type { ProblemRecord } from '../../specification.ts'
import type { Process } from '../process.ts'
import { cosine } from './cosine.ts'
import { flowMatching } from './flow-matching.ts'
import { ve } from './ve.ts'
import { subVp, vp } from './vp.ts'

/** The process of a problem file where α and σ are known in closed form, else null: such a problem is read without the parser of formulas. */
export function closedFormProcess(spec: ProblemRecord['process']): Process | null {
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
    default:
      return null
  }
}
