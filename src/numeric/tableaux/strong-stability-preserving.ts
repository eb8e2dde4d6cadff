import type { ButcherTableau } from '../butcher-tableau.ts'

/** Third-order strong-stability-preserving Runge–Kutta (Shu and Osher 1988, eq. 2.18). */
export const sspRk3: ButcherTableau = {
  name: 'ssp-rk3',
  order: 3,
  c: [0, 1, 1 / 2],
  a: [[], [1], [1 / 4, 1 / 4]],
  b: [1 / 6, 1 / 6, 2 / 3],
}

/**
 * The fourth-order strong-stability-preserving Runge–Kutta method of ten stages, SSP(10,4) (Ketcheson 2008, table 5.2): steps of h/6,
 * restarted after the fifth stage from a mean that weighs the first five.
 */
export const sspRk104: ButcherTableau = {
  name: 'ssp-rk104',
  order: 4,
  c: [0, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 1],
  a: [
    [],
    [1 / 6],
    [1 / 6, 1 / 6],
    [1 / 6, 1 / 6, 1 / 6],
    [1 / 6, 1 / 6, 1 / 6, 1 / 6],
    [1 / 15, 1 / 15, 1 / 15, 1 / 15, 1 / 15],
    [1 / 15, 1 / 15, 1 / 15, 1 / 15, 1 / 15, 1 / 6],
    [1 / 15, 1 / 15, 1 / 15, 1 / 15, 1 / 15, 1 / 6, 1 / 6],
    [1 / 15, 1 / 15, 1 / 15, 1 / 15, 1 / 15, 1 / 6, 1 / 6, 1 / 6],
    [1 / 15, 1 / 15, 1 / 15, 1 / 15, 1 / 15, 1 / 6, 1 / 6, 1 / 6, 1 / 6],
  ],
  b: [1 / 10, 1 / 10, 1 / 10, 1 / 10, 1 / 10, 1 / 10, 1 / 10, 1 / 10, 1 / 10, 1 / 10],
}
