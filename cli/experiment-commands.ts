import { addCertificateStudy } from './commands/certificate-study.ts'
import { addConvergence } from './commands/convergence.ts'
import { addCoupling } from './commands/coupling.ts'
import { addDigits } from './commands/digits.ts'
import { addHighDimensional } from './commands/high-dimensional.ts'
import { addMarginals } from './commands/marginals.ts'
import { addMetric } from './commands/metric.ts'
import { addPde } from './commands/pde.ts'
import { addSampling } from './commands/sampling.ts'
import { addStochasticFlow } from './commands/stochastic-flow.ts'

/** The command of every experiment, in the order in which help lists them. */
export const experimentCommands = [
  addConvergence,
  addCoupling,
  addCertificateStudy,
  addHighDimensional,
  addMarginals,
  addStochasticFlow,
  addSampling,
  addPde,
  addMetric,
  addDigits,
] as const
