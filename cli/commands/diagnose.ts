import type { Command } from 'commander'
import { diagnoseAlong, thinned } from '../../solvers/diagnosis/index.ts'
import { fitRows, fitsHead, nextSteps } from '../../solvers/diagnosis/sentences.ts'
import { textTable } from '../../src/studies/text-table.ts'
import { version } from '../../src/version.ts'
import { yieldAndCheckAbort } from '../../src/yield-and-check-abort.ts'
import type { Io } from '../io.ts'
import { checkGiven, textOption } from '../options.ts'
import { readValues, valuesAreOption, valuesOption } from '../read-values.ts'
import { addSamplingToZero } from '../sampling-options.ts'
import type { ScoreOptions } from '../score-pairs.ts'

/** `diagnose`: which of the known causes an error is most like, from a network's values at the points of `points`. */
export function addDiagnose(command: Command, io: Io): void {
  addSamplingToZero(command)
    .addOption(valuesOption())
    .addOption(valuesAreOption())
    .addOption(textOption('--points <file>', 'the points themselves, to check that they are those meant'))
    .addHelpText(
      'after',
      () => `\nWhat to do next about each cause, or where none fits:\n${nextStepLines(command)}`,
    )
    .action((_, own: Command) => run(own.optsWithGlobals(), io))
}

async function run(options: ScoreOptions, io: Io): Promise<void> {
  checkGiven(options, 'problem', 'time', 'values')
  const { problem, sampling, sample, first, values } = await readValues(options, io)
  const start = performance.now()
  const few = thinned(sample, problem.density)
  const found = await diagnoseAlong({
    ...{
      problem,
      time: sampling.time,
      sample: few.sample,
      first,
      pause: () => yieldAndCheckAbort(io.signal),
    },
    valuesAt: (k) => few.pick(values[k - first]),
  })
  const record = {
    ...found,
    ...{ time: sampling.time, samples: sampling.count, seed: sampling.seed },
    ...{ seconds: (performance.now() - start) / 1000, version },
  }
  const { sentence, fits, notExamined } = found
  io.stdout(
    options.json
      ? `${JSON.stringify(record)}\n`
      : [
          sentence,
          ...(fits.length > 0 ? ['', textTable(fitsHead, fitRows(fits)).trimEnd()] : []),
          ...notExamined.map(({ cause, reason }) => `Not examined: ${cause}, since ${reason}.`),
          '',
        ].join('\n'),
  )
}

/** What to do about each cause, as help writes its options. */
function nextStepLines(command: Command): string {
  const help = command.createHelp()
  const width = Math.max(...Object.keys(nextSteps).map((cause) => cause.length))
  return Object.entries(nextSteps)
    .map(([cause, step]) => `${help.formatItem(cause, width, step, help)}\n`)
    .join('')
}
