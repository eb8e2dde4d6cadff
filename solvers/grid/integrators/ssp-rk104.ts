import type { Integrator } from './integrator.ts'

/** A row of `count` equal weights. */
const row = (count: number, weight: number): number[] => new Array<number>(count).fill(weight)

/**
 * The fourth-order strong-stability-preserving Runge–Kutta method of ten stages, SSP(10,4) (Ketcheson 2008, table 5.2), as a
 * Butcher tableau: steps of Δθ/6, restarted after the fifth stage from a mean that weighs the first five.
 */
export const sspRk104: Integrator = {
  name: 'ssp-rk104',
  order: 4,
  a: [
    ...Array.from({ length: 5 }, (_, stage) => row(stage, 1 / 6)),
    ...Array.from({ length: 5 }, (_, stage) => [...row(5, 1 / 15), ...row(stage, 1 / 6)]),
  ],
  b: row(10, 1 / 10),
  c: [0, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 1],
}
