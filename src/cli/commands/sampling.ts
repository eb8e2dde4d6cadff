import type { Command } from 'commander'
import { given } from '../given.ts'
import type { Io } from '../io.ts'
import { checkGiven, type SharedOptions, textOption } from '../options.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { progressBar } from '../progress-bar.ts'

interface Options extends SharedOptions {
  readonly out: string
}

/** `sampling`: K-step samplers, and consistency sampling with right and wrong functions, as a report. */
export function addSampling(program: Command, io: Io): void {
  program
    .command('sampling')
    .description('Measure K-step samplers and consistency sampling against evaluations, and write a report.')
    .addOption(textOption('--out <folder>', 'folder for results.json, report.html and figures/'))
    .action((_, command: Command) => run(command.optsWithGlobals(), io))
}

async function run(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'out')
  const { out, seed } = options
  await checkOutputFolder(out)
  const { sampling } = await import('../../../experiments/sampling/index.ts')
  const { samplingFigures } = await import('../../../experiments/sampling/figures.ts')
  const { samplingReport } = await import('../../../experiments/sampling/report-page.ts')
  const { full, quick } = await import('../../../experiments/sampling/settings.ts')
  const { writeExperiment } = await import('../../../experiments/write-experiment.ts')

  const bar = progressBar()
  try {
    const results = await sampling({
      seed,
      settings: options.quick ? quick : full,
      onProgress: bar.update,
      ...given({ signal: io.signal }),
    })
    const figures = samplingFigures(results)
    const report = samplingReport(results, figures)
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
