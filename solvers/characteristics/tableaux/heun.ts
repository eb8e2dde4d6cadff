import { hermite, type Tableau } from './tableau.ts'

/**
 * Heun's second-order method (the explicit trapezoidal rule): order 2, embedded Euler of order 1, two stages. The
 * sampler of Karras et al. 2022 (algorithm 1 with α = 1) is this method.
 */
export const heun: Tableau = {
  name: 'heun',
  order: 2,
  embeddedOrder: 1,
  fsal: false,
  c: [0, 1],
  a: [[], [1]],
  b: [1 / 2, 1 / 2],
  errors: [[-1 / 2, 1 / 2]],
  dense: hermite(2),
}
