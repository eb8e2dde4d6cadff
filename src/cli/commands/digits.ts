import type { Command } from 'commander'
import { given } from '../given.ts'
import type { Io } from '../io.ts'
import { checkGiven, integerOption, type SharedOptions, textOption } from '../options.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { progressBar } from '../progress-bar.ts'

interface Options extends SharedOptions {
  readonly seeds?: number
  readonly out: string
}

/** `digits`: consistency functions of images of handwritten digits, as a report. */
export function addDigits(program: Command, io: Io): void {
  program
    .command('digits')
    .description('Train networks on images of handwritten digits, and write a report with samples.')
    .addOption(integerOption('--seeds <k>', 'train every network with k seeds (default 1)', 1, 100))
    .addOption(textOption('--out <folder>', 'folder for results.json, report.html and figures/'))
    .action((_, command: Command) => runDigits(command.optsWithGlobals(), io))
}

async function runDigits(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'out')
  const { out, seed, threads } = options
  await checkOutputFolder(out)
  const { digits } = await import('../../../experiments/digits/index.ts')
  const page = await import('../../../experiments/digits/report-page.ts')
  const { full, quick } = await import('../../../experiments/digits/settings.ts')
  const { writeExperiment } = await import('../../../experiments/write-experiment.ts')

  const bar = progressBar()
  try {
    const study = await digits({
      seed,
      threads,
      settings: { ...(options.quick ? quick : full), ...given({ seeds: options.seeds }) },
      onProgress: bar.update,
      ...given({ signal: io.signal }),
    })
    const figures = page.digitsFigures(study)
    await writeExperiment(out, study.results, figures, page.digitsReport(study, figures))
    bar.stop()
    io.stdout(
      options.json
        ? `${JSON.stringify(study.results)}\n`
        : `${page.digitsFindings(study).join('\n')}\n\nWritten to ${out}: report.html, results.json, figures/\n`,
    )
  } finally {
    bar.stop()
  }
}
