import type { Command } from 'commander'
import type { FitCandidate, MixtureFit } from '../../src/fit/fit-mixture.ts'
import { checkWritable, writeFileAtomic } from '../../src/io/atomic-write.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import { version } from '../../src/version.ts'
import { columnNames } from '../column-names.ts'
import { checkOutputs, type Io, progressBar } from '../io.ts'
import {
  checkGiven,
  integerOption,
  integersOption,
  numberOption,
  parsedOption,
  type SharedOptions,
  textOption,
} from '../options.ts'

interface Options extends SharedOptions {
  readonly data: string
  readonly out: string
  readonly columns?: readonly string[]
  readonly components?: readonly number[]
  readonly factors?: readonly number[]
  readonly heldOut?: number
  readonly leastNoise?: number
  readonly steps?: number
}

const QUICK_STEPS = 20

/** `fit`: a mixture of factor analysers of rows or images, written as a problem file. */
export function addFit(command: Command, io: Io): void {
  command
    .addOption(
      textOption(
        '--data <file>',
        'table (.csv, .tsv, .txt), .json, or .npy of rows or images [n, height, width]',
      ),
    )
    .addOption(
      parsedOption('--columns <names>', 'columns of a table, separated by commas (default all)', columnNames),
    )
    .addOption(
      integersOption('--components <k>', 'components, or several numbers to choose from (default 10)', 1),
    )
    .addOption(
      integersOption(
        '--factors <q>',
        'factors a component, or several (default the dimension less 1, at most 12)',
        0,
      ),
    )
    .addOption(
      numberOption(
        '--held-out <share>',
        'share of the rows to judge and choose by, drawn with the seed (default 0.2)',
      ),
    )
    .addOption(
      numberOption(
        '--least-noise <h>',
        'least standard deviation of the noise (default 0.01 of the data scale)',
      ),
    )
    .addOption(integerOption('--steps <n>', `most steps of EM (default 200; ${QUICK_STEPS} with --quick)`, 1))
    .addOption(textOption('--out <file>', 'problem file to write (.json)'))
    .action((_, own: Command) => writeFit(own.optsWithGlobals(), io))
}

async function writeFit(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'data', 'out')
  const { data, out, columns, components, factors, heldOut, leastNoise, seed, json } = options
  if (!/\.json$/i.test(out)) throw new BadInput(out, 'is no problem file', 'a name that ends in .json')
  await checkOutputs([data], { '--out': out })
  await checkWritable(out)
  const { readRows } = await import('../../src/create/read-problem.ts')
  const { fitMixture } = await import('../../src/fit/fit-mixture.ts')
  const rows = await readRows(data, columns)
  const steps = options.steps ?? (options.quick ? QUICK_STEPS : undefined)
  const bar = progressBar()
  try {
    const found = await fitMixture(rows, {
      seed,
      onProgress: bar.update,
      ...omitUndefined({ components, factors, heldOut, leastNoise, steps, signal: io.signal }),
    })
    bar.stop()
    await writeFileAtomic(out, `${JSON.stringify(found.problem)}\n`)
    const { problem: _, ...numbers } = found
    io.stdout(json ? `${JSON.stringify({ out, ...numbers, seed, version })}\n` : inWords(found, out))
  } finally {
    bar.stop()
  }
}

function inWords({ candidates, ...found }: MixtureFit, out: string): string {
  const head = ['components', 'factors', 'log-likelihood a row', 'on rows held out', 'steps']
  const row = ({ components, factors, logLikelihood, heldOut, steps, converged }: FitCandidate) => [
    ...[components, factors].map(String),
    logLikelihood.toFixed(3),
    heldOut === null ? '–' : heldOut.toFixed(3),
    converged ? String(steps) : `${steps}, not converged`,
  ]
  const lines = [head, ...candidates.map(row)]
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i].length)))
  const table = lines.map((line) => line.map((cell, i) => cell.padStart(widths[i])).join('  ')).join('\n')
  const held = found.rowsHeldOut > 0 ? `, ${found.rowsHeldOut} held out` : ''
  const { components, factors } = found
  const chosen = `${components} component${components === 1 ? '' : 's'} of ${factors} factor${factors === 1 ? '' : 's'}`
  return `${table}\n${chosen}, fitted to ${found.rows} rows${held}. Written to ${out}\n`
}
