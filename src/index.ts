export {
  type Flow,
  flow,
  type RungeKuttaOptions,
  rungeKutta,
  tableaux,
} from '../solvers/characteristics/index.ts'
export { forwardMap, gridMethod, upwind, weno5 } from '../solvers/grid/index.ts'
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
  metricNames,
  pinn,
  type TrainedMap,
  type TrainingOptions,
  type TrainingResult,
  type TrainModelOptions,
  trainedMethod,
  trainModel,
} from '../solvers/neural/index.ts'
export { sampler } from '../solvers/sampling/index.ts'
export { type Backend, type BackendName, useBackend } from './backend/index.ts'
export { type Certificate, certificate } from './certificate/certificate.ts'
export type {
  ConsistencyFunction,
  ConsistencyInfo,
  Method,
  Progress,
  VeMap,
  VeRun,
} from './consistency-function.ts'
export { ComputationError, InputError } from './errors.ts'
export { exact, exactMap } from './exact/exact.ts'
export { gaussianBaseline } from './exact/gaussian.ts'
export { type Figure, figurePng, figures } from './figures/index.ts'
export { readPoints, writePoints } from './io/points-files.ts'
export {
  type CarriedSample,
  type CarriedSampleOptions,
  carriedSample,
  drawNoised,
} from './metrics/carried-sample.ts'
export { type ErrorStatistics, errorStatistics } from './metrics/error-statistics.ts'
export { drawProposal, hasProposal, type Proposal } from './metrics/proposal.ts'
export { slicedWasserstein } from './metrics/wasserstein.ts'
export { type Points, points, pointsFromRows, pointsToRows } from './points/points.ts'
export { createProblem } from './problem/create.ts'
export type { Density, Moments, Times } from './problem/density.ts'
export { denoiser, logDensity, sampleNoised, score } from './problem/evaluate.ts'
export type { Problem } from './problem/problem.ts'
export type { Process } from './problem/process.ts'
export { readProblem } from './problem/read.ts'
export { type ProblemSpec, problemSchema } from './problem/specification.ts'
export { Random, type RandomState } from './random/random.ts'
export { type CompareResults, type MethodResult, reportHtml, resultsText } from './report/index.ts'
export { type SolveOptions, solve } from './solve.ts'
export { version } from './version.ts'
