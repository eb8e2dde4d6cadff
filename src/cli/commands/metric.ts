import type { Command } from 'commander'
import { given } from '../given.ts'
import type { Io } from '../io.ts'
import { checkGiven, type SharedOptions, textOption } from '../options.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { progressBar } from '../progress-bar.ts'

interface Options extends SharedOptions {
  readonly out: string
}

/** `metric`: what consistency training converges to under other metrics than the squared one, as a report. */
export function addMetric(program: Command, io: Io): void {
  program
    .command('metric')
    .description('Measure how the metric of consistency training changes its map, and write a report.')
    .addOption(textOption('--out <folder>', 'folder for results.json, report.html and figures/'))
    .action((_, command: Command) => runMetric(command.optsWithGlobals(), io))
}

async function runMetric(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'out')
  const { out, seed, threads } = options
  await checkOutputFolder(out)
  const { metricStudy } = await import('../../../experiments/metric/index.ts')
  const { metricFigures } = await import('../../../experiments/metric/figures.ts')
  const { metricFindings, metricReport } = await import('../../../experiments/metric/report-page.ts')
  const { full, quick } = await import('../../../experiments/metric/settings.ts')
  const { writeExperiment } = await import('../../../experiments/write-experiment.ts')

  const bar = progressBar()
  try {
    const settings = options.quick ? quick : full
    const run = { seed, threads, settings, onProgress: bar.update, ...given({ signal: io.signal }) }
    const results = await metricStudy(run)
    const figures = metricFigures(results)
    await writeExperiment(out, results, figures, metricReport(results, figures))
    bar.stop()
    io.stdout(
      options.json
        ? `${JSON.stringify(results)}\n`
        : `${metricFindings(results).join('\n\n')}\n\nWritten to ${out}: report.html, results.json, figures/\n`,
    )
  } finally {
    bar.stop()
  }
}
