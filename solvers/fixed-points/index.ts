export { type CdFixedPointOptions, cdFixedPoint } from './cd.ts'
export { type CtFixedPointMap, type CtFixedPointOptions, ctFixedPoint } from './ct.ts'
export { MOST_DEVIATIONS, type ModifiedEquationOptions, modifiedEquation } from './modified.ts'
