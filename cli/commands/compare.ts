import type { Command } from 'commander'
import type { CompareOptions, Comparison } from '../../experiments/compare/index.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { checkNumber } from '../../src/errors.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { parseCsv, TABLE_FILE } from '../../src/io/csv.ts'
import { decodeText, readBytes } from '../../src/io/read-file.ts'
import { pointsToRows } from '../../src/points/points.ts'
import { checkTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { resultsText } from '../../src/report/results-table.ts'
import { columnNames } from '../column-names.ts'
import { checkOutputFolder, type Io, progressBar } from '../io.ts'
import {
  checkGiven,
  choiceOption,
  commandInWords,
  integerOption,
  integersOption,
  numberOption,
  parsedOption,
  type SharedOptions,
  textOption,
  timeOption,
} from '../options.ts'

interface Options extends SharedOptions {
  readonly data?: string
  readonly columns?: readonly string[]
  readonly rows?: number
  readonly density?: 'kernel' | 'mixture'
  readonly components?: readonly number[]
  readonly factors?: readonly number[]
  readonly problem?: string
  readonly time?: number
  readonly seeds?: number
  readonly seconds?: number
  readonly out: string
  readonly model?: readonly string[]
}

// up to three dimensions the score of a kernel density costs the same whatever its rows; in more it grows with them
const ROWS_ON_GRIDS = 100_000
const GRID_DIMENSIONS = 3
const ROWS = 1000
const MOST_ROWS = 1_000_000

/** `compare`: every method on one problem, with its error, cost and certificate, as a report. */
export function addCompare(command: Command, io: Io): void {
  command
    .addOption(textOption('--data <file>', 'data file (.csv, .tsv)'))
    .addOption(
      parsedOption('--columns <names>', 'columns of --data, separated by commas (default all)', columnNames),
    )
    .addOption(
      integerOption(
        '--rows <n>',
        `most rows of --data to take, drawn with the seed (default ${ROWS_ON_GRIDS} up to ${GRID_DIMENSIONS} columns, else ${ROWS})`,
        2,
        MOST_ROWS,
      ),
    )
    .addOption(
      choiceOption('--density <name>', 'what --data are samples of (default kernel)', ['kernel', 'mixture']),
    )
    .addOption(
      integersOption(
        '--components <k>',
        'components of the mixture, or several to choose from (default 10)',
        1,
      ),
    )
    .addOption(
      integersOption(
        '--factors <q>',
        'factors of its components, or several (default the dimension less 1, at most 12)',
        0,
      ),
    )
    .addOption(textOption('--problem <file>', 'problem file (.json), in place of --data'))
    .addOption(timeOption('--time <T>', 'largest time T (default by the data)'))
    .addOption(
      integerOption('--seeds <k>', 'train every network with k seeds (default 2; 1 with --quick)', 1, 100),
    )
    .addOption(
      numberOption('--seconds <s>', 'seconds to train every network for, in place of the numbers of steps'),
    )
    .addOption(
      parsedOption<readonly string[]>(
        '--model <path>',
        'a trained model or a network of your own to measure too; may be given again',
        (path, _, others = []) => [...others, path],
      ),
    )
    .addOption(textOption('--out <folder>', 'folder for results.json, report.html and figures/'))
    .action((_, own: Command) => runCompare(own.optsWithGlobals(), commandInWords(own), io))
}

async function runCompare(options: Options, command: string, io: Io): Promise<void> {
  checkGiven(options, 'out')
  const { out, time, seed, threads } = options
  const source = await readSource(options, io)
  if (time !== undefined) checkTime(source.problem, '--time', time, true)
  if (options.seconds !== undefined) checkNumber('--seconds', options.seconds, 0, 1e9, true)
  await checkOutputFolder(out)
  const { compare } = await import('../../experiments/compare/index.ts')
  const { full, quick } = await import('../../experiments/compare/settings.ts')
  const { networksFolder, writeComparison } = await import('../../experiments/compare/report-page.ts')

  const settings = options.quick ? quick : full
  const networks = { ...settings.networks, seconds: options.seconds }
  const bar = progressBar()
  try {
    const run = {
      seed,
      threads,
      folder: networksFolder(out),
      settings: { ...settings, networks, seeds: options.seeds ?? settings.seeds },
      onProgress: bar.update,
      time,
      models: options.model,
      signal: io.signal,
    }
    const comparison = await compare({ ...source, ...run })
    await writeComparison(comparison, out, { command, quick: options.quick })
    bar.stop()
    io.stdout(
      options.json
        ? `${JSON.stringify(comparison.results)}\n`
        : `${resultsText(comparison.results.methods)}\n${drawn(comparison)}Written to ${out}: report.html, results.json, figures/\n`,
    )
  } finally {
    bar.stop()
  }
}

/** That not all rows were taken, if so. */
function drawn({ data }: Comparison): string {
  return data && data.rows < data.rowsInFile
    ? `Of ${data.rowsInFile} rows ${data.rows} were drawn with the seed; --rows takes more${
        data.columns.length > GRID_DIMENSIONS ? ', in proportionally more time' : ''
      }.\n`
    : ''
}

async function readSource(options: Options, io: Io): Promise<Pick<CompareOptions, 'problem' | 'data'>> {
  const { data, columns, problem, rows: most, seed, density, components, factors } = options
  if (data !== undefined && problem !== undefined)
    throw new BadInput('--problem', 'is given together with --data', 'one of the two')
  if (problem !== undefined) {
    for (const name of ['columns', 'rows', 'density', 'components', 'factors'] as const)
      if (options[name] !== undefined)
        throw new BadInput(`--${name}`, 'does not belong to --problem', 'it with --data only')
    return { problem: await readProblem(problem) }
  }
  for (const name of ['components', 'factors'] as const)
    if (options[name] !== undefined && density !== 'mixture')
      throw new BadInput(`--${name}`, 'is given without --density mixture', 'the two together')
  if (data === undefined)
    throw new BadInput('--data', 'is missing', 'a data file, or --problem with a problem file')
  if (!TABLE_FILE.test(data))
    throw new BadInput(data, 'is no data file', 'a name that ends in .csv, .tsv or .txt')
  const table = parseCsv(decodeText(await readBytes(data), data), {
    name: data,
    anyDialect: true,
    ...(columns ? { columns } : { expected: 'a finite number, or --columns with names of the first line' }),
  })
  if (!table.header)
    io.stderr(
      `The first line of ${data} holds numbers and is taken as data; where it holds names, give them to --columns.\n`,
    )
  const { dataProblem, drawRows, mixtureProblem } = await import('../../experiments/compare/data-problem.ts')
  const all = pointsToRows(table.points)
  const usual = table.columns.length <= GRID_DIMENSIONS ? ROWS_ON_GRIDS : ROWS
  const rows = drawRows(all, most ?? usual, Random.stream(seed, 'rows'))
  const facts = { file: data, columns: table.columns, skipped: table.skipped, rowsInFile: all.length }
  if (density !== 'mixture') return dataProblem(rows, facts)
  return mixtureProblem(rows, facts, { seed, components, factors, signal: io.signal })
}
