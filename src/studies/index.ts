export {
  type ConvergenceLine,
  type ConvergenceOptions,
  type ConvergenceResults,
  convergenceFigure,
  convergenceTest,
  convergenceText,
} from './convergence-test.ts'
export { type SteppedSolver, steppedCharacteristics } from './stepped-solvers.ts'
export {
  type WorkLine,
  type WorkPoint,
  type WorkPrecision,
  type WorkPrecisionOptions,
  workPrecision,
  workPrecisionFigure,
  workPrecisionText,
} from './work-precision.ts'
