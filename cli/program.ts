import { Command, CommanderError } from 'commander'
import { InputError } from '../src/errors.ts'
import { BadInput } from '../src/io/bad-input.ts'
import { version } from '../src/version.ts'
import { failureSentence, type Io, isFolderGone } from './io.ts'
import { addSharedOptions } from './options.ts'

/** Gives a command its options and what it does. */
type Define = (command: Command, io: Io) => void

/** Every command in the order in which help lists them: its name, what help says of it, and its module, loaded when it is asked for. */
const commands = [
  [
    'evaluate',
    'Evaluate the consistency function f(T, X) of a problem at the points of a file.',
    async () => (await import('./commands/evaluate.ts')).addEvaluate,
  ],
  [
    'train',
    'Train a network to be the consistency function of a problem, or its score, and write it to a folder.',
    async () => (await import('./commands/train.ts')).addTrain,
  ],
  [
    'certify',
    'Bound the error of a trained model by its residual, and measure the error itself.',
    async () => (await import('./commands/certify.ts')).addCertify,
  ],
  [
    'points',
    'Write the points (t, x) at which to evaluate a network of your own, for `score` (docs/your-own-network.md).',
    async () => (await import('./commands/points.ts')).addPoints,
  ],
  [
    'score',
    'Error and certificate of a network of your own, from its values at the points of `points`, or on the trajectories of your own teacher.',
    async () => (await import('./commands/score.ts')).addScore,
  ],
  [
    'diagnose',
    'Which of the known causes the error of a map to time 0 is most like, from the values that score takes.',
    async () => (await import('./commands/diagnose.ts')).addDiagnose,
  ],
  [
    'compare',
    'Compare the methods on a data file or a problem, and write a report.',
    async () => (await import('./commands/compare.ts')).addCompare,
  ],
  [
    'fit',
    'Fit a mixture of factor analysers to a table or to images, and write it as a problem file.',
    async () => (await import('./commands/fit.ts')).addFit,
  ],
  [
    'sample',
    'Draw new data: noise of time T, taken to time 0 by a sampler or a trained model.',
    async () => (await import('./commands/sample.ts')).addSample,
  ],
  [
    'convergence',
    'Measure orders and work of solvers and small networks on a problem, and write a report.',
    async () => (await import('./commands/convergence.ts')).addConvergence,
  ],
  [
    'coupling',
    'Compute the fixed points of consistency training and distillation, and write a report.',
    async () => (await import('./commands/coupling.ts')).addCoupling,
  ],
  [
    'certificate-study',
    'Repeat the estimates of certify with fresh samples, by importance and by plain sampling.',
    async () => (await import('./commands/certificate-study.ts')).addCertificateStudy,
  ],
  [
    'high-dimensional',
    'Train networks on rotated products from 2 to 1000 dimensions, and write a report.',
    async () => (await import('./commands/high-dimensional.ts')).addHighDimensional,
  ],
  [
    'marginals',
    'Test that the SDEs and the probability-flow ODE have the same marginals, and write a report.',
    async () => (await import('./commands/marginals.ts')).addMarginals,
  ],
  [
    'stochastic-flow',
    'Train the random map F + G ξ, compare it with its closed form, and write a report.',
    async () => (await import('./commands/stochastic-flow.ts')).addStochasticFlow,
  ],
  [
    'sampling',
    'Measure K-step samplers and consistency sampling against evaluations, and write a report.',
    async () => (await import('./commands/sampling.ts')).addSampling,
  ],
  [
    'few-steps',
    'Take K steps in place of one on grids of times, the best among them, and write a report.',
    async () => (await import('./commands/few-steps.ts')).addFewSteps,
  ],
  [
    'pde',
    'Solve the transport equation by grids, characteristics and networks, and write a report.',
    async () => (await import('./commands/pde.ts')).addPde,
  ],
  [
    'metric',
    'Measure how the metric of consistency training changes its map, and write a report.',
    async () => (await import('./commands/metric.ts')).addMetric,
  ],
  [
    'digits',
    'Train networks on images of handwritten digits, and write a report with samples.',
    async () => (await import('./commands/digits.ts')).addDigits,
  ],
  [
    'league',
    'Train every loss on every problem of the league for the same time, and write a report.',
    async () => (await import('./commands/league.ts')).addLeague,
  ],
  [
    'sweep',
    'Run every method on every problem of a sweep file; runs that are done are skipped.',
    async () => (await import('./commands/sweep.ts')).addSweep,
  ],
  [
    'collect',
    'Put the results of a sweep side by side: a table, figures and a page.',
    async () => (await import('./commands/sweep.ts')).addCollect,
  ],
] as const satisfies readonly (readonly [string, string, () => Promise<Define>])[]

export type CommandName = (typeof commands)[number][0]

/**
 * The command line. Help goes to stdout; errors are thrown, none is printed here.
 *
 * @param argv its arguments: commands that they do not name have no options, only a line in help; all have them when absent
 */
export async function createProgram(io: Io, argv?: readonly string[]): Promise<Command> {
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
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
  addSharedOptions(program)
  for (const [name, description, load] of commands) {
    const command = program.command(name).description(description)
    if (!argv || argv.includes(name)) (await load())(command, io)
  }
  return program
}

/** Exit codes of the command line. */
export const exitCodes = { done: 0, failure: 1, badInput: 2, interrupted: 130 } as const

/**
 * Runs the command line.
 *
 * @param argv the arguments after the name of the program
 * @param program the commands, those named in `argv` by default
 * @returns the exit code: 0 done, 1 a failure of ours, 2 bad input, 130 interrupted. On 1 and 2 one plain sentence has
 * gone to stderr (and, on 1, a stack when the environment variable CONSISTENCY_PDE_DEBUG is set).
 */
export async function run(
  argv: readonly string[],
  io: Io,
  program: Command | Promise<Command> = createProgram(io, argv),
): Promise<number> {
  const known = await program
  try {
    await known.parseAsync(argv, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    if (io.signal?.aborted && error instanceof Error && error.name === 'AbortError') {
      io.stderr('Interrupted.\n')
      return exitCodes.interrupted
    }
    if (error instanceof InputError || error instanceof CommanderError) {
      const names = known.commands.map((command) => command.name()).join(', ')
      io.stderr(`${error instanceof InputError ? error.message : commanderSentence(error, names)}\n`)
      return exitCodes.badInput
    }
    io.stderr(`${failureSentence(error)}\n`)
    if (process.env.CONSISTENCY_PDE_DEBUG)
      io.stderr(`${error instanceof Error ? error.stack : String(error)}\n`)
    return isFolderGone(error) ? exitCodes.badInput : exitCodes.failure
  }
}

// "error: unknown option '--metod'\n(Did you mean --method?)" as a sentence
function commanderSentence(error: CommanderError, names: string): string {
  if (error.code === 'commander.help') return `No command is given; expected one of ${names}.`
  const [what, hint] = error.message.replace(/^error: /, '').split('\n')
  const sentence = what.replace(/\.$/, '')
  const more = hint ?? (error.code === 'commander.unknownCommand' ? `(expected one of ${names})` : '')
  return `${`${sentence} ${more}`.trim()}.`
}
