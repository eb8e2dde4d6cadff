import type { Command } from 'commander'
import { checkNumber } from '../../errors.ts'
import { BadInput } from '../../io/bad-input.ts'
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

/** `marginals`: whether the SDEs and the ODE have the same laws, as a report. */
export function addMarginals(program: Command, io: Io): void {
  program
    .command('marginals')
    .description(
      'Test that the SDEs and the probability-flow ODE have the same marginals, and write a report.',
    )
    .addOption(textOption('--problem <file>', 'problem file (.json), in place of three problems of its own'))
    .addOption(numberOption('--time <T>', 'time T of the problem'))
    .addOption(textOption('--out <folder>', 'folder for results.json, report.html and figures/'))
    .action((_, command: Command) => runMarginals(command.optsWithGlobals(), io))
}

async function runMarginals(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'out')
  const { out, seed, time } = options
  if ((options.problem === undefined) !== (time === undefined))
    throw new BadInput(
      options.problem === undefined ? '--time' : '--problem',
      'is given alone',
      '--problem and --time together',
    )
  const problem = options.problem === undefined ? undefined : await readProblem(options.problem)
  if (problem) checkNumber('--time', time, 0, problem.process.maximumTime, true)
  await checkOutputFolder(out)
  const { marginals } = await import('../../../experiments/marginals/index.ts')
  const { marginalFigures } = await import('../../../experiments/marginals/figures.ts')
  const { marginalReport } = await import('../../../experiments/marginals/report-page.ts')
  const { full, quick } = await import('../../../experiments/marginals/settings.ts')
  const { writeExperiment } = await import('../../../experiments/write-experiment.ts')

  const bar = progressBar()
  try {
    const results = await marginals({
      seed,
      settings: options.quick ? quick : full,
      onProgress: bar.update,
      ...given({ problem, time, signal: io.signal }),
    })
    const figures = marginalFigures(results)
    const report = marginalReport(results, figures)
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
