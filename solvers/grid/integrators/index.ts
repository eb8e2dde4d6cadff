import { sspRk1 } from './ssp-rk1.ts'
import { sspRk3 } from './ssp-rk3.ts'

/** All time integrators by name. A new one is a file here and a line in this table. */
export const integrators = { 'ssp-rk1': sspRk1, 'ssp-rk3': sspRk3 } as const
