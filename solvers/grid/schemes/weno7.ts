import { sspRk104 } from '../../../src/numeric/tableaux/strong-stability-preserving.ts'
import { weno } from './weno.ts'

/** WENO7 with the fourth-order SSP(10,4) in θ. The order of the whole is 4 once the error in θ is the larger. */
export const weno7Scheme = weno(4, sspRk104, 7, { courant: 2.4, mostCourant: 3 })
