import type { Command } from 'commander'
import { BadInput } from '../../src/io/bad-input.ts'
import { checkOutputFolder, type Io, progressBar } from '../io.ts'
import { checkGiven, type SharedOptions, textOption } from '../options.ts'

interface Options extends SharedOptions {
  readonly sweep: string
  readonly out: string
  readonly run?: string
  readonly list?: true
}

/** `sweep`: every method of a sweep file on every problem with every seed, as far as not done already. */
export function addSweep(command: Command, io: Io): void {
  command
    .addOption(textOption('--sweep <file>', 'sweep file (.json), see docs/guide/sweeps.md'))
    .addOption(textOption('--out <folder>', 'folder for runs/ and models/'))
    .addOption(textOption('--run <name>', 'one run only, by its name in --list'))
    .option('--list', 'list the runs and run nothing')
    .action((_, own: Command) => runSweep(own.optsWithGlobals(), io))
}

/** `collect`: the results of a sweep side by side. */
export function addCollect(command: Command, io: Io): void {
  command
    .addOption(textOption('--sweep <file>', 'sweep file (.json)'))
    .addOption(
      textOption('--out <folder>', 'folder of the sweep; table.csv, report.html … are written there'),
    )
    .action((_, own: Command) => runCollect(own.optsWithGlobals(), io))
}

async function runSweep(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'sweep')
  if (options.list && options.run !== undefined)
    throw new BadInput('--list', 'is given together with --run', 'one of the two')
  const { readSweep, sweep } = await import('../../experiments/sweep/index.ts')
  const all = await readSweep(options.sweep)
  if (options.list) {
    const runs = all.map(({ name, key }) => ({ name, key }))
    io.stdout(options.json ? `${JSON.stringify({ runs })}\n` : `${runs.map(({ name }) => name).join('\n')}\n`)
    return
  }
  checkGiven(options, 'out')
  const { out, run, threads } = options
  const runs = run === undefined ? all : all.filter(({ name }) => name === run)
  if (runs.length === 0)
    throw new BadInput('--run', `is ${JSON.stringify(run)}`, 'the name of a run, as --list prints them')
  await checkOutputFolder(out)
  const bar = progressBar()
  try {
    const report = await sweep(runs, {
      ...{ folder: out, threads, onProgress: bar.update, signal: io.signal },
    })
    bar.stop()
    io.stdout(
      options.json
        ? `${JSON.stringify(report)}\n`
        : `${report.done.length} runs done, ${report.skipped.length} skipped. Written to ${out}\n`,
    )
  } finally {
    bar.stop()
  }
}

async function runCollect(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'sweep', 'out')
  const { out } = options
  const { collectSweep, readSweep, writeSweep } = await import('../../experiments/sweep/index.ts')
  const { resultsText } = await import('../../src/report/results-table.ts')
  await checkOutputFolder(out)
  const results = await collectSweep(await readSweep(options.sweep), out)
  await writeSweep(results, out)
  io.stdout(
    options.json
      ? `${JSON.stringify(results)}\n`
      : `${results.problems.map(({ problem, methods }) => `${problem}\n\n${resultsText(methods)}`).join('\n')}\n` +
          `Written to ${out}: report.html, results.json, table.csv, figures/\n`,
  )
}
