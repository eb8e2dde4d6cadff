import type { Integrator } from './integrator.ts'

/** Third-order strong-stability-preserving Runge–Kutta (Shu and Osher 1988, eq. 2.18), as a Butcher tableau. */
export const sspRk3: Integrator = {
  name: 'ssp-rk3',
  order: 3,
  a: [[], [1], [1 / 4, 1 / 4]],
  b: [1 / 6, 1 / 6, 2 / 3],
  c: [0, 1, 1 / 2],
}
