export { type Flow, flow } from './flow.ts'
export type { RungeKuttaOptions } from './options.ts'
export { rungeKutta } from './runge-kutta.ts'
export { type TableauName, tableaux } from './tableaux/index.ts'
