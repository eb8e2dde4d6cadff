export type { FlowMap } from '../../src/nn/flow-map.ts'
export {
  checkpointPath,
  type Model,
  type ModelDescription,
  modelFromBytes,
  modelSchema,
  modelToBytes,
  readModel,
  writeModel,
} from '../../src/nn/model.ts'
export { checkJvp, type JvpCheck } from './check-jvp.ts'
export { type Loss, type LossName, losses, lossNames } from './losses/index.ts'
export { consistencyTraining, distill, pinn, trainedMethod } from './methods.ts'
export { type MetricName, metricNames } from './metrics.ts'
export type { TrainedMap, TrainingDiagnostics } from './model-method.ts'
export {
  loadModel,
  type ModelMethod,
  type ModelOptions,
  modelMap,
  modelMethod,
  type TrainingTarget,
  trainingTarget,
} from './model-method.ts'
export type { CurvePoint, MonitorCurve, MonitorPoint } from './monitor.ts'
export type { PointChoice, TrainingOptions, TrainingSettings } from './settings.ts'
export { readTeacher, type Teacher } from './teacher.ts'
export { type TrainingResult, type TrainModelOptions, trainModel } from './train-model.ts'
