import type { Process } from '../process.ts'
import type { ProcessSpec } from '../specification.ts'
import { custom } from './custom.ts'
import { ve } from './ve.ts'
import { subVp, vp } from './vp.ts'

/** The process of a problem file. */
export function createProcess(spec: ProcessSpec): Process {
  switch (spec.kind) {
    case 've':
    case 'edm':
      return ve(spec.kind)
    case 'vp':
      return vp(spec.betaMin, spec.betaMax)
    case 'subVp':
      return subVp(spec.betaMin, spec.betaMax)
    case 'custom':
      return custom(spec)
  }
}
