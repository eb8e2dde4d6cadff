import { bosh3 } from './bosh3.ts'
import { dopri5 } from './dopri5.ts'
import { dopri8 } from './dopri8.ts'
import { euler } from './euler.ts'
import { feagin10 } from './feagin10.ts'
import { heun } from './heun.ts'
import { tsit5 } from './tsit5.ts'
import { verner9 } from './verner9.ts'

/** Every Runge–Kutta method there is, by name. */
export const tableaux = { euler, heun, bosh3, dopri5, tsit5, dopri8, verner9, feagin10 }

export type TableauName = keyof typeof tableaux
