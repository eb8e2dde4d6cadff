import type { Command, Option } from 'commander'
import type { ExperimentRun, Outcome } from '../experiments/experiment.ts'
import { checkOutputFolder, type Io, progressBar } from './io.ts'
import { checkGiven, commandInWords, type SharedOptions, textOption } from './options.ts'

/** An experiment as a command that writes results.json, report.html and figures/ to a folder. */
interface Experiment<Own extends object, Settings, Prepared extends object> {
  /** Its options beside --out and those that every command has. */
  readonly options?: readonly Option[]
  /** Those that must be given. */
  readonly required?: readonly (keyof Own & string)[]
  /** Checks options and reads files, before any work. @throws InputError */
  readonly prepare?: (options: Own) => Prepared | Promise<Prepared>
  /** How much work it does, whole and with --quick. */
  readonly settings: () => Promise<{ readonly full: Settings; readonly quick: Settings }>
  /** Does it. Its modules are loaded here, so that the command line starts fast. */
  readonly study: (run: ExperimentRun<Settings> & Prepared, options: Own) => Promise<Outcome>
}

/** The options of an experiment's command and what it does. */
export function experimentCommand<Own extends object, Settings, Prepared extends object = object>(
  experiment: Experiment<Own, Settings, Prepared>,
): (command: Command, io: Io) => void {
  return (command, io) => {
    for (const option of experiment.options ?? []) command.addOption(option)
    command
      .addOption(textOption('--out <folder>', 'folder for results.json, report.html and figures/'))
      .action((_, own: Command) => run(experiment, own, io))
  }
}

async function run<Own extends object, Settings, Prepared extends object>(
  { required = [], prepare, settings, study }: Experiment<Own, Settings, Prepared>,
  command: Command,
  io: Io,
): Promise<void> {
  const options: Own & SharedOptions & { readonly out: string } = command.optsWithGlobals()
  checkGiven(options, ...required, 'out')
  const { out, seed, threads } = options
  const prepared = prepare ? await prepare(options) : ({} as Prepared)
  await checkOutputFolder(out)
  const { full, quick } = await settings()
  const { withRun, writeExperiment } = await import('../experiments/experiment.ts')
  const { sectionText } = await import('../experiments/section-text.ts')
  const bar = progressBar()
  try {
    const all = {
      seed,
      threads,
      settings: options.quick ? quick : full,
      onProgress: bar.update,
      signal: io.signal,
    }
    const outcome = await study({ ...all, ...prepared }, options)
    const report = withRun(outcome.report, { command: commandInWords(command), quick: options.quick })
    await writeExperiment(out, outcome.results, outcome.figures, report)
    bar.stop()
    const text = sectionText(...outcome.report.sections.slice(0, outcome.found ?? 1))
    io.stdout(
      options.json
        ? `${JSON.stringify(outcome.results)}\n`
        : `${text}\n\nWritten to ${out}: report.html, results.json, figures/\n`,
    )
  } finally {
    bar.stop()
  }
}
