import { rk4 } from '../../../src/numeric/tableaux/low-order.ts'
import { weno5With } from './weno5.ts'

/** WENO5 with the classical Runge–Kutta method: fourth order in Δθ, and longer steps than SSP-RK3 takes. */
export const weno5Rk4Scheme = weno5With('weno5-rk4', rk4, { courant: 1.2, mostCourant: 1.4 })
