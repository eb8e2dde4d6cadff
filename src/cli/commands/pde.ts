import type { Command } from 'commander'
import { given } from '../given.ts'
import type { Io } from '../io.ts'
import { checkGiven, type SharedOptions, textOption } from '../options.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { progressBar } from '../progress-bar.ts'

interface Options extends SharedOptions {
  readonly out: string
}

/** `pde`: the ways to solve the transport equation side by side, as a report. */
export function addPde(program: Command, io: Io): void {
  program
    .command('pde')
    .description('Solve the transport equation by grids, characteristics and networks, and write a report.')
    .addOption(textOption('--out <folder>', 'folder for results.json, report.html and figures/'))
    .action((_, command: Command) => run(command.optsWithGlobals(), io))
}

async function run(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'out')
  const { out, seed } = options
  await checkOutputFolder(out)
  const { pdeStudy } = await import('../../../experiments/pde/index.ts')
  const { pdeFigures } = await import('../../../experiments/pde/figures.ts')
  const { pdeReport } = await import('../../../experiments/pde/report-page.ts')
  const { full, quick } = await import('../../../experiments/pde/settings.ts')
  const { writeExperiment } = await import('../../../experiments/write-experiment.ts')

  const bar = progressBar()
  try {
    const results = await pdeStudy({
      seed,
      settings: options.quick ? quick : full,
      onProgress: bar.update,
      ...given({ signal: io.signal }),
    })
    const figures = pdeFigures(results)
    const report = pdeReport(results, figures)
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
