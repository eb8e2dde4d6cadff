import { Command } from 'commander'
import { BadInput } from '../src/io/bad-input.ts'
import { version } from '../src/version.ts'
import { addCertify } from './commands/certify.ts'
import { addCompare } from './commands/compare.ts'
import { addEvaluate } from './commands/evaluate.ts'
import { addPoints } from './commands/points.ts'
import { addSample } from './commands/sample.ts'
import { addScore } from './commands/score.ts'
import { addCollect, addSweep } from './commands/sweep.ts'
import { addTrain } from './commands/train.ts'
import { experimentCommands } from './experiment-commands.ts'
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
    ...experimentCommands,
    addSweep,
    addCollect,
  ])
    add(program, io)
  return program
}
