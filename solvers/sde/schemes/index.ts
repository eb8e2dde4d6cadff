import { eulerMaruyama } from './euler-maruyama.ts'
import { heun } from './heun.ts'
import type { SdeScheme } from './scheme.ts'
import { sra1 } from './sra1.ts'

/** Every scheme for SDEs there is, by name. */
export const sdeSchemes = {
  'euler-maruyama': eulerMaruyama,
  heun,
  sra1,
} satisfies Record<string, SdeScheme>

export type SdeSchemeName = keyof typeof sdeSchemes
