import { hermite, type Tableau } from './tableau.ts'

/**
 * Bogacki–Shampine 3(2), FSAL, three new stages a step, cubic Hermite dense output (P. Bogacki & L. F. Shampine,
 * A 3(2) pair of Runge–Kutta formulas, Appl. Math. Lett. 2, 1989).
 */
export const bosh3: Tableau = {
  name: 'bosh3',
  order: 3,
  embeddedOrder: 2,
  fsal: true,
  c: [0, 1 / 2, 3 / 4],
  a: [[], [1 / 2], [0, 3 / 4]],
  b: [2 / 9, 1 / 3, 4 / 9],
  errors: [[5 / 72, -1 / 12, -1 / 9, 1 / 8]],
  dense: hermite(3),
}
