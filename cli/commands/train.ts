import type { Command } from 'commander'
import { readProblem } from '../../src/create/read-problem.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { timeInJson } from '../../src/io/json.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import { checkOutputFolder, type Io, progressBar } from '../io.ts'
import {
  checkGiven,
  choiceOption,
  integerOption,
  numberOption,
  type SharedOptions,
  textOption,
  timeOption,
} from '../options.ts'

interface TrainOptions extends SharedOptions {
  readonly problem: string
  readonly loss: string
  readonly time: number
  readonly out: string
  readonly steps?: number
  readonly seconds?: number
  readonly batch?: number
  readonly width?: number
  readonly layers?: number
  readonly coarseSteps?: number
  readonly optimiser?: string
  readonly rate?: number
  readonly intervals?: number
  readonly checkpointEvery?: number
  readonly metric?: string
  readonly metricScale?: number
  readonly metricPower?: number
  readonly teacher?: string
  readonly cdSolver?: 'euler' | 'heun' | 'exact'
  readonly target?: 'stop-gradient' | 'ema'
  readonly targetDecay?: number
  readonly resume?: true
}

const QUICK_STEPS = 1000

/** `train`: a network trained on a problem, written as a model folder. */
export function addTrain(command: Command, io: Io): void {
  command
    .addOption(textOption('--problem <file>', 'problem file (.json)'))
    .addOption(textOption('--loss <name>', 'loss: pinn, cd, ct, …, or score'))
    .addOption(timeOption('--time <T>', 'largest time T'))
    .addOption(textOption('--out <folder>', 'folder for the model and its checkpoint'))
    .addOption(integerOption('--steps <n>', `training steps (default 12000; ${QUICK_STEPS} with --quick)`, 1))
    .addOption(
      numberOption(
        '--seconds <s>',
        'seconds to train for, in place of --steps: short trials find how many that makes',
      ),
    )
    .addOption(integerOption('--batch <n>', 'points a step (default by dimension)', 1))
    .addOption(integerOption('--width <n>', 'units a layer (default by dimension)', 1))
    .addOption(integerOption('--layers <n>', 'hidden layers (default by dimension)', 1))
    .addOption(
      integerOption(
        '--coarse-steps <n>',
        'coarse steps of the flow of a Gaussian mixture that the network corrects; 0 for none (default by data)',
        0,
      ),
    )
    .addOption(textOption('--optimiser <name>', 'soap or adam (default soap)'))
    .addOption(numberOption('--rate <r>', 'largest learning rate (default by dimension and loss)'))
    .addOption(
      integerOption('--intervals <N>', 'intervals of time of the losses cd and ct (default 64)', 1, 2 ** 16),
    )
    .addOption(textOption('--metric <name>', 'l2, l1, pseudo-huber, adaptive or tangent (default by loss)'))
    .addOption(
      numberOption('--metric-scale <c>', 'constant of the metric, relative to the spread of the data'),
    )
    .addOption(numberOption('--metric-power <p>', 'power of the metric adaptive (default 0.75)'))
    .addOption(
      textOption(
        '--teacher <folder>',
        'folder of a score network, whose flow is learned in place of the exact one',
      ),
    )
    .addOption(
      choiceOption('--cd-solver <name>', 'step of the loss cd (default heun)', ['euler', 'heun', 'exact']),
    )
    .addOption(
      choiceOption('--target <name>', 'what cd, ct, ict and ect compare with (default stop-gradient)', [
        'stop-gradient',
        'ema',
      ]),
    )
    .addOption(numberOption('--target-decay <d>', 'decay of --target ema a step, 0 to 1 (default 0.99)'))
    .addOption(integerOption('--checkpoint-every <n>', 'steps between two checkpoints (default 1000)', 1))
    .option(
      '--resume',
      'go on from the checkpoint in --out, if there is one; more --steps than it was begun with make it longer',
    )
    .action((_, own: Command) => train(own.optsWithGlobals(), io))
}

async function train(options: TrainOptions, io: Io): Promise<void> {
  checkGiven(options, 'problem', 'loss', 'time', 'out')
  const { losses, lossNames } = await import('../../solvers/neural/losses/index.ts')
  const { metricNames, metrics } = await import('../../solvers/neural/metrics.ts')
  const loss = known('--loss', options.loss, lossNames)
  const metric = options.metric === undefined ? undefined : known('--metric', options.metric, metricNames)
  const { metricScale, metricPower, cdSolver: solver, target, targetDecay } = options
  if (solver !== undefined && loss !== 'cd')
    throw new BadInput('--cd-solver', `does not belong to --loss ${loss}`, 'it with --loss cd only')
  const { rate, intervals } = options
  if (intervals !== undefined && !losses[loss]({ solver: solver ?? 'heun' }).discrete)
    throw new BadInput('--intervals', `does not belong to --loss ${loss}`, 'it with --loss cd or ct only')
  if (targetDecay !== undefined && target !== 'ema')
    throw new BadInput('--target-decay', 'is given without --target ema', 'the two together')
  const used = metric ?? losses[loss]({ solver: solver ?? 'heun' }).metric ?? 'l2'
  for (const [flag, value, takers] of [
    ['--metric-scale', metricScale, metricNames.filter((name) => metrics[name].scale > 0)],
    ['--metric-power', metricPower, ['adaptive']],
  ] as const)
    if (value !== undefined && !takers.some((name) => name === used))
      throw new BadInput(flag, `is given with the metric ${used}`, `it with ${takers.join(', ')} only`)
  const { seconds } = options
  if (seconds !== undefined && options.steps !== undefined)
    throw new BadInput('--seconds', 'is given together with --steps', 'one of the two')
  const { time, out, batch, width, layers, coarseSteps, optimiser, checkpointEvery, resume, seed, threads } =
    options
  const problem = await readProblem(options.problem)
  const teacher =
    options.teacher === undefined
      ? undefined
      : await (await import('../../solvers/neural/teacher.ts')).readTeacher(options.teacher)
  await checkOutputFolder(out)
  const steps = options.steps ?? (options.quick && seconds === undefined ? QUICK_STEPS : undefined)

  const { trainModel } = await import('../../solvers/neural/train-model.ts')
  const bar = progressBar()
  try {
    const result = await trainModel(problem, {
      loss,
      time,
      seed,
      threads,
      out,
      onProgress: bar.update,
      onExtended: ({ step, steps: before }) => {
        io.stderr(
          `Goes on from step ${step}; the training was begun with ${before} steps and has ${steps} from here on. The learning rate is now that of step ${step} of ${steps}: it rises, and then falls to 0 at the new end. The network is another than one trained for ${steps} steps from the start.\n`,
        )
      },
      ...omitUndefined({
        steps,
        seconds,
        batch,
        width,
        layers,
        coarseSteps,
        optimiser,
        rate,
        intervals,
        checkpointEvery,
        resume,
        signal: io.signal,
      }),
      ...omitUndefined({ metric, metricScale, metricPower, teacher, solver, target, targetDecay }),
    })
    bar.stop()
    const { model, ...numbers } = result
    const { backend, evaluations } = model.description.training
    const { settings, version } = model.description
    const { trainingTarget } = await import('../../solvers/neural/model-method.ts')
    const { warnings } = trainingTarget(loss, settings, problem.dimension, teacher?.name)
    for (const warning of warnings) io.stderr(`${warning}\n`)
    io.stdout(
      options.json
        ? `${JSON.stringify({ model: out, ...numbers, time: timeInJson(time), functionEvaluations: evaluations, backend, options: settings, teacher: teacher?.name ?? null, version })}\n`
        : `${loss}: ${numbers.steps} steps in ${numbers.seconds.toPrecision(3)} s (${backend}), loss ` +
            `${numbers.finalLoss.toExponential(2)}. Written to ${out}\n${
              seconds === undefined
                ? ''
                : `Trials found ${numbers.steps} steps for ${seconds} s; --steps ${numbers.steps} repeats the training to the same bytes.\n`
            }`,
    )
  } finally {
    bar.stop()
  }
}

function known<T extends string>(option: string, value: string, names: readonly T[]): T {
  const found = names.find((name) => name === value)
  if (found === undefined)
    throw new BadInput(option, `is ${JSON.stringify(value)}`, `one of ${names.join(', ')}`)
  return found
}
