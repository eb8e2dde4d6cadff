import type { ButcherTableau } from '../butcher-tableau.ts'
import { dopri5 } from './dopri5.ts'
import { dopri8 } from './dopri8.ts'
import { feagin10 } from './feagin10.ts'
import { bosh3, euler, heun, rk4 } from './low-order.ts'
import { sspRk3, sspRk104 } from './strong-stability-preserving.ts'
import { tsit5 } from './tsit5.ts'
import { verner9 } from './verner9.ts'

/** Every Runge–Kutta method there is, by name: for characteristics, samplers, grids and training points. */
export const tableaux = {
  euler,
  heun,
  bosh3,
  rk4,
  'ssp-rk3': sspRk3,
  'ssp-rk104': sspRk104,
  dopri5,
  tsit5,
  dopri8,
  verner9,
  feagin10,
} as const satisfies Record<string, ButcherTableau>

export type TableauName = keyof typeof tableaux
