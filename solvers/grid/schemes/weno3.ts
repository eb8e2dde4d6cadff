import { sspRk3 } from '../../../src/numeric/tableaux/strong-stability-preserving.ts'
import { weno } from './weno.ts'

/** WENO3: third order in h and in Δθ. */
export const weno3Scheme = weno(2, sspRk3, 5, { courant: 0.9, mostCourant: 1 })
