import { hermite, type Tableau } from './tableau.ts'

/** Explicit Euler: order 1, one stage, no error estimate. */
export const euler: Tableau = {
  name: 'euler',
  order: 1,
  embeddedOrder: null,
  fsal: false,
  c: [0],
  a: [[]],
  b: [1],
  errors: [],
  dense: hermite(1),
}
