import { rk4 } from './rk4.ts'
import { sspRk1 } from './ssp-rk1.ts'
import { sspRk2 } from './ssp-rk2.ts'
import { sspRk3 } from './ssp-rk3.ts'
import { sspRk104 } from './ssp-rk104.ts'

/** All time integrators by name. A new one is a file here and a line in this table. */
export const integrators = {
  'ssp-rk1': sspRk1,
  'ssp-rk2': sspRk2,
  'ssp-rk3': sspRk3,
  'ssp-rk104': sspRk104,
  rk4,
} as const
