import type { ButcherTableau } from '../butcher-tableau.ts'

/** Explicit Euler: order 1, one stage, no error estimate. */
export const euler: ButcherTableau = { name: 'euler', order: 1, c: [0], a: [[]], b: [1] }

/**
 * Heun's second-order method (the explicit trapezoidal rule): order 2, embedded Euler of order 1, two stages. The
 * sampler of Karras et al. 2022 (algorithm 1 with α = 1) is this method.
 */
export const heun: ButcherTableau = {
  name: 'heun',
  order: 2,
  c: [0, 1],
  a: [[], [1]],
  b: [1 / 2, 1 / 2],
  error: { order: 1, weights: [[-1 / 2, 1 / 2]] },
}

/**
 * Bogacki–Shampine 3(2), FSAL, three new stages a step (P. Bogacki & L. F. Shampine, A 3(2) pair of Runge–Kutta
 * formulas, Appl. Math. Lett. 2, 1989).
 */
export const bosh3: ButcherTableau = {
  name: 'bosh3',
  order: 3,
  c: [0, 1 / 2, 3 / 4],
  a: [[], [1 / 2], [0, 3 / 4]],
  b: [2 / 9, 1 / 3, 4 / 9],
  error: { order: 2, weights: [[5 / 72, -1 / 12, -1 / 9, 1 / 8]] },
}

/** The classical Runge–Kutta method of order 4 (Kutta 1901), no error estimate. */
export const rk4: ButcherTableau = {
  name: 'rk4',
  order: 4,
  c: [0, 1 / 2, 1 / 2, 1],
  a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
}
