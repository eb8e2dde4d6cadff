export { type TableauName, tableaux } from '../numeric/tableaux/index.ts'
export type { EventFunction, EventHit } from './events.ts'
export { type FixedStepOptions, fixedSteps } from './fixed-steps.ts'
export {
  type IntegrateOptions,
  Integration,
  type IntegrationResult,
  integrate,
  type Step,
} from './integrate.ts'
export type { RungeKuttaOptions } from './options.ts'
export { type Flow, flow } from './probability-flow.ts'
export { rungeKutta } from './runge-kutta.ts'
