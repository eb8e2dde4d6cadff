import type { Scheme } from './scheme.ts'
import { upwindScheme } from './upwind.ts'
import { weno5Scheme } from './weno5.ts'

/** All Eulerian schemes by name. A new scheme is a file here and a line in this table. */
export const schemes = {
  upwind: upwindScheme,
  weno5: weno5Scheme,
} as const satisfies Record<string, Scheme>

export type SchemeName = keyof typeof schemes
