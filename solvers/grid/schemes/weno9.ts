import { sspRk104 } from '../../../src/numeric/tableaux/strong-stability-preserving.ts'
import { weno } from './weno.ts'

/** WENO9 with the fourth-order SSP(10,4) in θ. The order of the whole is 4 once the error in θ is the larger. */
export const weno9Scheme = weno(5, sspRk104, 9, { courant: 2.4, mostCourant: 3 })
