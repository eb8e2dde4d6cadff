import type { Command } from 'commander'
import { given } from '../given.ts'
import type { Io } from '../io.ts'
import { checkGiven, integerOption, type SharedOptions, textOption } from '../options.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { progressBar } from '../progress-bar.ts'

interface Options extends SharedOptions {
  readonly seeds?: number
  readonly dimensions?: number
  readonly out: string
}

/** `high-dimensional`: error and cost against the dimension on rotated products, as a report. */
export function addHighDimensional(program: Command, io: Io): void {
  program
    .command('high-dimensional')
    .description('Train networks on rotated products from 2 to 1000 dimensions, and write a report.')
    .addOption(integerOption('--seeds <k>', 'train every network with k seeds (default 1)', 1, 100))
    .addOption(integerOption('--dimensions <n>', 'up to this dimension only (default all)', 2, 1000))
    .addOption(textOption('--out <folder>', 'folder for results.json, report.html and figures/'))
    .action((_, command: Command) => runHighDimensional(command.optsWithGlobals(), io))
}

async function runHighDimensional(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'out')
  const { out, seed, threads, dimensions: most = 1000 } = options
  await checkOutputFolder(out)
  const { highDimensional } = await import('../../../experiments/high-dimensional/index.ts')
  const page = await import('../../../experiments/high-dimensional/report-page.ts')
  const { full, quick } = await import('../../../experiments/high-dimensional/settings.ts')
  const { writeExperiment } = await import('../../../experiments/write-experiment.ts')
  const size = options.quick ? quick : full
  const dimensions = size.dimensions.filter(({ dimension }) => dimension <= most)

  const bar = progressBar()
  try {
    const results = await highDimensional({
      seed,
      threads,
      settings: { ...size, dimensions, ...given({ seeds: options.seeds }) },
      onProgress: bar.update,
      ...given({ signal: io.signal }),
    })
    const figures = page.highDimensionalFigures(results)
    await writeExperiment(out, results, figures, page.highDimensionalReport(results, figures))
    bar.stop()
    io.stdout(
      options.json
        ? `${JSON.stringify(results)}\n`
        : `${page.highDimensionalFindings(results).join('\n')}\n\nWritten to ${out}: report.html, results.json, figures/\n`,
    )
  } finally {
    bar.stop()
  }
}
