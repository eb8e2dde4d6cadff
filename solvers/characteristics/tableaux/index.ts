import { bosh3 } from './bosh3.ts'
import { dopri5 } from './dopri5.ts'
import { dopri8 } from './dopri8.ts'
import { euler } from './euler.ts'
import { heun } from './heun.ts'

/** Every Runge–Kutta method there is, by name. */
export const tableaux = { euler, heun, bosh3, dopri5, dopri8 }

export type TableauName = keyof typeof tableaux
