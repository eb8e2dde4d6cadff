export {
  type ComparedMethod,
  type CompareMethodsOptions,
  compare,
  compareFigure,
  compareText,
  type MethodComparison,
} from './compare.ts'
export {
  type ConvergenceLine,
  type ConvergenceOptions,
  type ConvergenceResults,
  convergenceFigure,
  convergenceText,
  orderTable,
  type SteppedSolver,
} from './convergence-test.ts'
export {
  certificateFigure,
  type MapFigureOptions,
  mapFigure,
  type TrainingRun,
  type TrajectoriesFigureOptions,
  trainingFigure,
  trajectoriesFigure,
} from './figures.ts'
export {
  type WorkLine,
  type WorkPoint,
  type WorkPrecision,
  type WorkPrecisionOptions,
  workPrecision,
  workPrecisionFigure,
  workPrecisionText,
} from './work-precision.ts'
