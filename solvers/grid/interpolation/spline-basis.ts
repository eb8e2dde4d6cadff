import { type Basis, linear, quintic } from './basis.ts'
import { cardinal } from './cardinal.ts'

/** The degrees of splines that grids are evaluated by. */
export type Degree = 1 | 3 | 5 | 7 | 9

/** The B-splines of a degree. */
export function splineBasis(degree: Degree): Basis {
  if (degree === 1) return linear
  return degree === 5 ? quintic : cardinal(degree)
}

/** Nodes an axis below which the not-a-knot conditions of the two ends would meet; at least 8. */
export function fewestNodes(degree: Degree): number {
  return Math.max(8, degree + 1)
}
