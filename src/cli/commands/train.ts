import type { Command } from 'commander'
import { BadInput } from '../../io/bad-input.ts'
import { given } from '../given.ts'
import type { Io } from '../io.ts'
import { checkGiven, integerOption, numberOption, type SharedOptions, textOption } from '../options.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { progressBar } from '../progress-bar.ts'
import { readProblem } from '../read-problem.ts'

interface TrainOptions extends SharedOptions {
  readonly problem: string
  readonly loss: string
  readonly time: number
  readonly out: string
  readonly steps?: number
  readonly batch?: number
  readonly width?: number
  readonly layers?: number
  readonly optimiser?: string
  readonly resume?: true
}

const QUICK_STEPS = 1000

/** `train`: a network trained on a problem, written as a model folder. */
export function addTrain(program: Command, io: Io): void {
  program
    .command('train')
    .description('Train a network to be the consistency function of a problem, and write it to a folder.')
    .addOption(textOption('--problem <file>', 'problem file (.json)'))
    .addOption(textOption('--loss <name>', 'loss: pinn, cd, ct, …'))
    .addOption(numberOption('--time <T>', 'largest time T'))
    .addOption(textOption('--out <folder>', 'folder for the model and its checkpoint'))
    .addOption(integerOption('--steps <n>', `training steps (default 12000; ${QUICK_STEPS} with --quick)`, 1))
    .addOption(integerOption('--batch <n>', 'points a step (default by dimension)', 1))
    .addOption(integerOption('--width <n>', 'units a layer (default by dimension)', 1))
    .addOption(integerOption('--layers <n>', 'hidden layers (default by dimension)', 1))
    .addOption(textOption('--optimiser <name>', 'soap or adam (default soap)'))
    .option('--resume', 'go on from the checkpoint in --out, if there is one')
    .action((_, command: Command) => train(command.optsWithGlobals(), io))
}

async function train(options: TrainOptions, io: Io): Promise<void> {
  checkGiven(options, 'problem', 'loss', 'time', 'out')
  const { lossNames, trainModel } = await import('../../../solvers/neural/index.ts')
  const loss = lossNames.find((name) => name === options.loss)
  if (loss === undefined)
    throw new BadInput('--loss', `is ${JSON.stringify(options.loss)}`, `one of ${lossNames.join(', ')}`)
  const { time, out, batch, width, layers, optimiser, resume, seed, threads } = options
  const problem = await readProblem(options.problem)
  await checkOutputFolder(out)
  const steps = options.steps ?? (options.quick ? QUICK_STEPS : undefined)

  const bar = progressBar()
  try {
    const result = await trainModel(problem, {
      loss,
      time,
      seed,
      threads,
      out,
      onProgress: bar.update,
      ...given({ steps, batch, width, layers, optimiser, resume, signal: io.signal }),
    })
    bar.stop()
    const { model, curve: _, ...numbers } = result
    const { backend, evaluations } = model.description.training
    const { settings, version } = model.description
    io.stdout(
      options.json
        ? `${JSON.stringify({ model: out, ...numbers, time, functionEvaluations: evaluations, backend, options: settings, version })}\n`
        : `${loss}: ${numbers.steps} steps in ${numbers.seconds.toPrecision(3)} s (${backend}), loss ` +
            `${numbers.finalLoss.toExponential(2)}. Written to ${out}\n`,
    )
  } finally {
    bar.stop()
  }
}
