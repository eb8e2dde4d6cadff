import type { Integrator } from './integrator.ts'

/** The classical Runge–Kutta method of order 4 (Kutta 1901). */
export const rk4: Integrator = {
  name: 'rk4',
  order: 4,
  a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  c: [0, 1 / 2, 1 / 2, 1],
}
