import type { Integrator } from './integrator.ts'

/** Second-order strong-stability-preserving Runge–Kutta (Shu and Osher 1988, eq. 2.16): Heun's method. */
export const sspRk2: Integrator = {
  name: 'ssp-rk2',
  order: 2,
  a: [[], [1]],
  b: [1 / 2, 1 / 2],
  c: [0, 1],
}
