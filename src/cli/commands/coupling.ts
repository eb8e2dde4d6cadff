import type { Command } from 'commander'
import { checkNumber } from '../../errors.ts'
import { textTable } from '../../studies/text-table.ts'
import { given } from '../given.ts'
import type { Io } from '../io.ts'
import { checkGiven, integerOption, numberOption, type SharedOptions, textOption } from '../options.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { progressBar } from '../progress-bar.ts'
import { readProblem } from '../read-problem.ts'

interface Options extends SharedOptions {
  readonly problem?: string
  readonly time?: number
  readonly intervals?: number
  readonly out: string
}

/** `coupling`: what consistency training and distillation converge to, as a report. */
export function addCoupling(program: Command, io: Io): void {
  program
    .command('coupling')
    .description(
      'Compute the fixed points of consistency training and distillation in 1-D, and write a report.',
    )
    .addOption(textOption('--problem <file>', 'problem file (.json) of 1-D data (default two modes)'))
    .addOption(numberOption('--time <T>', 'largest time T (default 10)'))
    .addOption(
      integerOption('--intervals <N>', 'the fixed points at this N alone, and no trained networks', 1, 4096),
    )
    .addOption(textOption('--out <folder>', 'folder for results.json, report.html and figures/'))
    .action((_, command: Command) => runCoupling(command.optsWithGlobals(), io))
}

async function runCoupling(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'out')
  const { out, time, intervals, seed, threads } = options
  const problem = options.problem === undefined ? undefined : await readProblem(options.problem)
  if (time !== undefined) checkNumber('--time', time, 0, problem?.process.maximumTime, true)
  await checkOutputFolder(out)
  const { coupling } = await import('../../../experiments/coupling/index.ts')
  const { couplingFigures } = await import('../../../experiments/coupling/figures.ts')
  const { couplingReport, sideBySide } = await import('../../../experiments/coupling/report-page.ts')
  const { full, quick, withIntervals } = await import('../../../experiments/coupling/settings.ts')
  const { writeExperiment } = await import('../../../experiments/write-experiment.ts')

  const settings = options.quick ? quick : full
  const bar = progressBar()
  try {
    const study = await coupling({
      seed,
      threads,
      settings: intervals === undefined ? settings : withIntervals(settings, intervals),
      onProgress: bar.update,
      ...given({ problem, time, signal: io.signal }),
    })
    const figures = couplingFigures(study)
    const report = couplingReport(study, figures)
    await writeExperiment(out, study.results, figures, report)
    bar.stop()
    const sentences = report.sections[0].paragraphs ?? []
    const { head, rows } = sideBySide(study.results)
    io.stdout(
      options.json
        ? `${JSON.stringify(study.results)}\n`
        : `${textTable(head, rows)}\n${sentences.join('\n\n')}\n\nWritten to ${out}: report.html, results.json, figures/\n`,
    )
  } finally {
    bar.stop()
  }
}
