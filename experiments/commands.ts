import { addCertificateStudy } from '../src/cli/commands/certificate-study.ts'
import { addConvergence } from './convergence/command.ts'
import { addCoupling } from './coupling/command.ts'
import { addDigits } from './digits/command.ts'
import { addHighDimensional } from './high-dimensional/command.ts'
import { addMarginals } from './marginals/command.ts'
import { addMetric } from './metric/command.ts'
import { addPde } from './pde/command.ts'
import { addSampling } from './sampling/command.ts'
import { addStochasticFlow } from './stochastic-flow/command.ts'

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
