export type { FlowMap } from '../../src/nn/flow-map.ts'
export { type Model, type ModelDescription, modelSchema } from '../../src/nn/model/model.ts'
export {
  checkpointPath,
  modelFromBytes,
  modelToBytes,
  readModel,
  writeModel,
} from '../../src/nn/model/model-files.ts'
export { checkJvp, type JvpCheck } from './check-jvp.ts'
export { type Loss, type LossName, losses, lossNames } from './losses/index.ts'
export { consistencyTraining, distill, pinn, trainedMethod } from './methods.ts'
export { type MetricName, metricNames } from './metrics.ts'
export { loadModel, type ModelMethod, type ModelOptions, modelMap, modelMethod } from './model-method.ts'
export type { CurvePoint, MonitorCurve, MonitorPoint } from './monitor.ts'
export type { PointChoice, TrainingOptions, TrainingSettings } from './settings.ts'
export { type TrainingTarget, trainingTarget } from './target.ts'
export { readTeacher, type Teacher } from './teacher.ts'
export { type TrainingResult, type TrainModelOptions, trainModel } from './train-model.ts'
export type { TrainedMap, TrainingDiagnostics } from './trained-map.ts'
