import { euler } from '../../../src/numeric/tableaux/low-order.ts'
import { lineScheme } from './line-scheme.ts'

/**
 * First-order upwind: the one-sided difference on the side the flow comes from, with forward Euler in θ.
 * Monotone for Courant numbers up to 1. (Courant, Isaacson and Rees 1952.)
 */
export const upwindScheme = lineScheme({
  name: 'upwind',
  order: 1,
  integrator: euler,
  courant: 0.9,
  mostCourant: 1,
  ghosts: 1,
  degree: 1,
  kernel: { stencils: 1, tables: () => new Float64Array(0) },
  derivative(slopes, speed, n, out) {
    for (let j = 0; j < n; j++) out[j] = speed[j] > 0 ? slopes[j] : slopes[j + 1]
  },
})
