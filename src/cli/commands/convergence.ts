import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { checkNumber } from '../../errors.ts'
import { writeFileAtomic } from '../../io/atomic-write.ts'
import { given } from '../given.ts'
import type { Io } from '../io.ts'
import { checkGiven, numberOption, type SharedOptions, textOption } from '../options.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { progressBar } from '../progress-bar.ts'
import { readProblem } from '../read-problem.ts'

interface Options extends SharedOptions {
  readonly problem: string
  readonly time: number
  readonly out: string
}

/** `convergence`: the order table of the solvers on a problem, with its figure. */
export function addConvergence(program: Command, io: Io): void {
  program
    .command('convergence')
    .description('Measure the order of every solver with a fixed step on a problem.')
    .addOption(textOption('--problem <file>', 'problem file (.json)'))
    .addOption(numberOption('--time <T>', 'time T'))
    .addOption(
      textOption('--out <folder>', 'folder for convergence.json, convergence.svg and convergence.png'),
    )
    .action((_, command: Command) => runConvergence(command.optsWithGlobals(), io))
}

async function runConvergence(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'problem', 'time', 'out')
  const { out, seed, quick } = options
  const problem = await readProblem(options.problem)
  const time = checkNumber('--time', options.time, 0, problem.process.maximumTime, true)
  await checkOutputFolder(out)
  const { convergence } = await import('../../../experiments/convergence/index.ts')
  const { convergenceFigure, convergenceText } = await import('../../studies/index.ts')
  const { figurePng } = await import('../../figures/index.ts')

  const bar = progressBar()
  try {
    const run = { problem, time, seed, quick, onProgress: bar.update, ...given({ signal: io.signal }) }
    const results = await convergence(run)
    const figure = convergenceFigure(results)
    const png = await figurePng(figure)
    await mkdir(out, { recursive: true })
    await writeFileAtomic(join(out, 'convergence.svg'), figure.svg)
    await writeFileAtomic(join(out, 'convergence.png'), png)
    await writeFileAtomic(join(out, 'convergence.json'), `${JSON.stringify(results, null, 2)}\n`)
    bar.stop()
    io.stdout(
      options.json ? `${JSON.stringify(results)}\n` : `${convergenceText(results)}Written to ${out}\n`,
    )
  } finally {
    bar.stop()
  }
}
