import type { Command } from 'commander'
import { checkNumber } from '../../errors.ts'
import { given } from '../given.ts'
import type { Io } from '../io.ts'
import { checkGiven, numberOption, type SharedOptions, textOption } from '../options.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { progressBar } from '../progress-bar.ts'
import { readProblem } from '../read-problem.ts'

interface Options extends SharedOptions {
  readonly problem?: string
  readonly time?: number
  readonly out: string
}

/** `stochastic-flow`: the random one-step map F + G ξ, trained and in closed form, as a report. */
export function addStochasticFlow(program: Command, io: Io): void {
  program
    .command('stochastic-flow')
    .description('Train the random map F + G ξ, compare it with its closed form, and write a report.')
    .addOption(
      textOption('--problem <file>', 'problem file (.json) of data made of Gaussians (default three modes)'),
    )
    .addOption(numberOption('--time <T>', 'largest time T (default 10)'))
    .addOption(textOption('--out <folder>', 'folder for results.json, report.html and figures/'))
    .action((_, command: Command) => run(command.optsWithGlobals(), io))
}

async function run(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'out')
  const { out, time, seed } = options
  const problem = options.problem === undefined ? undefined : await readProblem(options.problem)
  if (time !== undefined) checkNumber('--time', time, 0, problem?.process.maximumTime, true)
  await checkOutputFolder(out)
  const { stochasticFlow } = await import('../../../experiments/stochastic-flow/index.ts')
  const { stochasticFlowFigures } = await import('../../../experiments/stochastic-flow/figures.ts')
  const { stochasticFlowReport } = await import('../../../experiments/stochastic-flow/report-page.ts')
  const { full, quick } = await import('../../../experiments/stochastic-flow/settings.ts')
  const { writeExperiment } = await import('../../../experiments/write-experiment.ts')

  const bar = progressBar()
  try {
    const results = await stochasticFlow({
      seed,
      settings: options.quick ? quick : full,
      onProgress: bar.update,
      ...given({ problem, time, signal: io.signal }),
    })
    const figures = stochasticFlowFigures(results)
    const report = stochasticFlowReport(results, figures)
    await writeExperiment(out, results, figures, report)
    bar.stop()
    const sentences = report.sections[0].paragraphs ?? []
    io.stdout(
      options.json
        ? `${JSON.stringify(results)}\n`
        : `${sentences.join('\n\n')}\n\nWritten to ${out}: report.html, results.json, figures/\n`,
    )
  } finally {
    bar.stop()
  }
}
