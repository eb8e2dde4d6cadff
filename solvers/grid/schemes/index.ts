import { rk4 } from '../../../src/numeric/tableaux/low-order.ts'
import { sspRk3, sspRk104 } from '../../../src/numeric/tableaux/strong-stability-preserving.ts'
import { laxWendroff } from './lax-wendroff.ts'
import type { Scheme } from './scheme.ts'
import { chebyshevScheme, semiLagrangian } from './semi-lagrangian.ts'
import { upwindScheme, weno, weno5 } from './weno.ts'

/** All Eulerian schemes by name. A new scheme is a file here and a line in this table; each is made when it is asked for. */
export const schemes = {
  upwind: () => upwindScheme,
  'lax-wendroff': () => laxWendroff('none'),
  'lax-wendroff-minmod': () => laxWendroff('minmod'),
  'lax-wendroff-mc': () => laxWendroff('mc'),
  'lax-wendroff-superbee': () => laxWendroff('superbee'),
  'lax-wendroff-van-leer': () => laxWendroff('van-leer'),
  weno3: () => weno(2, sspRk3, 5, { courant: 0.9, mostCourant: 1 }),
  // at a fixed Courant number the order of the whole is that of the Runge–Kutta method once the error in θ is the larger:
  // it is 5 with Courant numbers that shrink like h^(2/3)
  weno5: () => weno5('weno5', sspRk3, { courant: 0.9, mostCourant: 1 }),
  // longer steps than SSP-RK3 takes
  'weno5-rk4': () => weno5('weno5-rk4', rk4, { courant: 1.2, mostCourant: 1.4 }),
  weno7: () => weno(4, sspRk104, 7, { courant: 2.4, mostCourant: 3 }),
  weno9: () => weno(5, sspRk104, 9, { courant: 2.4, mostCourant: 3 }),
  'semi-lagrangian-cubic': () => semiLagrangian(3),
  'semi-lagrangian-quintic': () => semiLagrangian(5),
  chebyshev: () => chebyshevScheme,
} as const satisfies Record<string, () => Scheme>

export type SchemeName = keyof typeof schemes
