export { type DiagnoseOptions, diagnose } from '../solvers/diagnosis/diagnose.ts'
export type { CauseFit, CauseName, Diagnosis } from '../solvers/diagnosis/index.ts'
export {
  type CdFixedPointOptions,
  type CtFixedPointMap,
  type CtFixedPointOptions,
  cdFixedPoint,
  ctFixedPoint,
  type ModifiedEquationOptions,
  modifiedEquation,
} from '../solvers/fixed-points/index.ts'
export {
  type ForwardMapOptions,
  forwardMap,
  type GridTable,
  gridMethod,
  loadTable,
  saveTable,
  type TableDiagnostics,
  type TabulatedFunction,
  type TabulateOptions,
  tableMethod,
  tabulate,
  upwind,
  weno5,
} from '../solvers/grid/index.ts'
export {
  loadAnyModel,
  loadNetwork,
  type NetworkDescription,
  networkSchema,
} from '../solvers/neural/foreign/index.ts'
export {
  checkJvp,
  consistencyTraining,
  distill,
  type FlowMap,
  type JvpCheck,
  type LossName,
  loadModel,
  lossNames,
  type MetricName,
  type ModelMethod,
  type ModelOptions,
  type MonitorCurve,
  type MonitorPoint,
  metricNames,
  modelMethod,
  pinn,
  readTeacher,
  type Teacher,
  type TrainedMap,
  type TrainingOptions,
  type TrainingResult,
  type TrainModelOptions,
  trainedMethod,
  trainModel,
} from '../solvers/neural/index.ts'
export {
  type ConditionalGaussian,
  covarianceOf,
  exactStochasticFlow,
  type GaussianShape,
  type StochasticFlow,
  type StochasticFlowOptions,
  type StochasticSamplerOptions,
  stochasticSampler,
  type TrainedStochasticFlow,
  trainStochasticFlow,
} from '../solvers/neural/stochastic-flow/index.ts'
export {
  bridgeStep,
  type ConsistencySamplerOptions,
  consistencySampler,
  type SamplerName,
  type SamplerOptions,
  type ScheduleName,
  sampler,
  samplingSchemes,
  schedules,
  scheduleTimes,
} from '../solvers/sampling/index.ts'
export { type SdeOptions, type SdeSchemeName, sde } from '../solvers/sde/index.ts'
export { type Attempt, type RowCode, UnfinishedError } from './attempt.ts'
export { type Backend, type BackendName, useBackend } from './backend/index.ts'
export { type Certificate, certificate } from './certificate/certificate.ts'
export { type CertifyOptions, certify } from './certificate/certify.ts'
export { type MeasurePairsOptions, measurePairs } from './certificate/measure-pairs.ts'
export type { PairError } from './certificate/pairs.ts'
export { paretoShape } from './certificate/pareto.ts'
export {
  type EventFunction,
  type EventHit,
  type FixedStepOptions,
  type Flow,
  fixedSteps,
  flow,
  type IntegrateOptions,
  type Integration,
  type IntegrationResult,
  integrate,
  type RungeKuttaOptions,
  rungeKutta,
  type Step,
  type TableauName,
  tableaux,
} from './characteristics/index.ts'
export type {
  ConsistencyFunction,
  ConsistencyInfo,
  Method,
  StepStatistics,
  TwoTimeMap,
  VeMap,
  VeRun,
} from './consistency-function.ts'
export { createProblem, parseProblem } from './create/create-problem.ts'
export { problemFromScore, type ScoreFunctions } from './create/problem-from-score.ts'
export { readProblem, readRows } from './create/read-problem.ts'
export { jacobian } from './derivative/jacobian.ts'
export { type Layer, type LayersOptions, layers } from './derivative/steep-layers.ts'
export { ComputationError, InputError } from './errors.ts'
export { exact, exactMap, gaussianBaseline } from './exact/exact.ts'
export { type Figure, figurePng, figures } from './figures/index.ts'
export { type FitCandidate, type FitOptions, fitMixture, type MixtureFit } from './fit/fit-mixture.ts'
export { readPoints, writePoints } from './io/points-files.ts'
export type { AnyMap, AnyTwoTimeMap } from './metrics/any-map.ts'
export {
  type CarriedSample,
  type CarriedSampleOptions,
  carriedSample,
  drawNoised,
} from './metrics/carried-sample.ts'
export { type ErrorStatistics, errorStatistics } from './metrics/error-statistics.ts'
export { drawProposal, hasProposal, type Proposal } from './metrics/importance-sampling.ts'
export { kolmogorovSmirnov, type LawTest } from './metrics/kolmogorov-smirnov.ts'
export {
  type DiscrepancyOptions,
  maximumMeanDiscrepancy,
} from './metrics/maximum-mean-discrepancy.ts'
export { type MeasuredError, type MeasureOptions, measureError } from './metrics/measure-error.ts'
export { type Unseen, unseenBy } from './metrics/unseen.ts'
export { slicedWasserstein } from './metrics/wasserstein.ts'
export type { Moments } from './numeric/moments.ts'
export { type Standardised, standardise } from './numeric/standardise.ts'
export {
  type Points,
  type PointsLike,
  points,
  pointsFromRows,
  pointsToRows,
  type ShapedArray,
} from './points/points.ts'
export type { Density, Strata, Times } from './problem/density.ts'
export { denoiser, logDensity, sampleNoised, score } from './problem/evaluate.ts'
export type { Law } from './problem/law.ts'
export type { ProbabilityFlow } from './problem/probability-flow.ts'
export type { Problem } from './problem/problem.ts'
export type { Process } from './problem/process.ts'
export type { Progress } from './progress.ts'
export { Random, type RandomState } from './random/random.ts'
export {
  type CompareResults,
  type MethodResult,
  reportHtml,
  resultsText,
  rowsHtml,
  type SeedResult,
  type TableRow,
} from './report/index.ts'
export { type SolveOptions, solve } from './solve.ts'
export {
  type DataSpec,
  type InterpolantFunctions,
  type ParsedSpec,
  type ProblemRecord,
  type ProblemSpec,
  type ProcessSpec,
  problemSchema,
} from './specification/problem.ts'
export {
  type ComparedMethod,
  type CompareMethodsOptions,
  type ConvergenceLine,
  type ConvergenceOptions,
  type ConvergenceResults,
  certificateFigure,
  compare,
  compareFigure,
  compareText,
  convergenceFigure,
  convergenceText,
  type MapFigureOptions,
  type MethodComparison,
  mapFigure,
  type SteppedSolver,
  type TrainingRun,
  type TrajectoriesFigureOptions,
  trainingFigure,
  trajectoriesFigure,
  type WorkLine,
  type WorkPoint,
  type WorkPrecision,
  type WorkPrecisionOptions,
  workPrecision,
  workPrecisionFigure,
  workPrecisionText,
} from './studies/index.ts'
export { convergenceTest, steppedCharacteristics } from './studies/stepped-characteristics.ts'
export { type TrajectoriesOptions, type TrajectoriesResult, trajectories } from './trajectories.ts'
export { version } from './version.ts'
