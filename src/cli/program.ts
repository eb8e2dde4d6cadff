import { Command } from 'commander'
import { BadInput } from '../io/bad-input.ts'
import { version } from '../version.ts'
import { addCertificateStudy } from './commands/certificate-study.ts'
import { addCertify } from './commands/certify.ts'
import { addCompare } from './commands/compare.ts'
import { addConvergence } from './commands/convergence.ts'
import { addCoupling } from './commands/coupling.ts'
import { addDigits } from './commands/digits.ts'
import { addEvaluate } from './commands/evaluate.ts'
import { addHighDimensional } from './commands/high-dimensional.ts'
import { addMarginals } from './commands/marginals.ts'
import { addMetric } from './commands/metric.ts'
import { addPde } from './commands/pde.ts'
import { addPoints } from './commands/points.ts'
import { addSample } from './commands/sample.ts'
import { addSampling } from './commands/sampling.ts'
import { addScore } from './commands/score.ts'
import { addStochasticFlow } from './commands/stochastic-flow.ts'
import { addCollect, addSweep } from './commands/sweep.ts'
import { addTrain } from './commands/train.ts'
import type { Io } from './io.ts'
import { addSharedOptions } from './options.ts'

/** The command line with all its commands. Help goes to stdout; errors are thrown, none is printed here. */
export function createProgram(io: Io): Command {
  const program = new Command('consistency-pde')
    .description(
      'Exact, classical and neural consistency functions of diffusion models, and how far apart they are.',
    )
    .version(version)
    .exitOverride()
    .allowExcessArguments()
    .hook('preAction', (_, command) => {
      const [extra] = command.args
      if (extra !== undefined)
        throw new BadInput(JSON.stringify(extra), 'belongs to no option', 'options only')
    })
    .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: () => {}, outputError: () => {} })
    .configureHelp({ showGlobalOptions: true })
  addSharedOptions(program)
  for (const add of [
    addEvaluate,
    addTrain,
    addCertify,
    addPoints,
    addScore,
    addCompare,
    addSample,
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
    addSweep,
    addCollect,
  ])
    add(program, io)
  return program
}
