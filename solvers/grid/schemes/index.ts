import { chebyshevScheme } from './chebyshev.ts'
import { laxWendroff } from './lax-wendroff.ts'
import type { Scheme } from './scheme.ts'
import { semiLagrangian } from './semi-lagrangian.ts'
import { upwindScheme } from './upwind.ts'
import { weno3Scheme } from './weno3.ts'
import { weno5Scheme } from './weno5.ts'
import { weno5Rk4Scheme } from './weno5-rk4.ts'
import { weno7Scheme } from './weno7.ts'
import { weno9Scheme } from './weno9.ts'

/** All Eulerian schemes by name. A new scheme is a file here and a line in this table. */
export const schemes = {
  upwind: upwindScheme,
  'lax-wendroff': laxWendroff('none'),
  'lax-wendroff-minmod': laxWendroff('minmod'),
  'lax-wendroff-mc': laxWendroff('mc'),
  'lax-wendroff-superbee': laxWendroff('superbee'),
  'lax-wendroff-van-leer': laxWendroff('van-leer'),
  weno3: weno3Scheme,
  weno5: weno5Scheme,
  'weno5-rk4': weno5Rk4Scheme,
  weno7: weno7Scheme,
  weno9: weno9Scheme,
  'semi-lagrangian-cubic': semiLagrangian(3),
  'semi-lagrangian-quintic': semiLagrangian(5),
  chebyshev: chebyshevScheme,
} as const satisfies Record<string, Scheme>

export type SchemeName = keyof typeof schemes
