import type { Command } from 'commander'
import type { CertificateStudy, EstimatorStudy } from '../../experiments/certificate-study/index.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import { checkTime } from '../../src/problem/process.ts'
import type { Io } from '../io.ts'
import { progressBar } from '../io.ts'
import { checkGiven, integerOption, type SharedOptions, textOption, timeOption } from '../options.ts'

interface Options extends SharedOptions {
  readonly model: string
  readonly problem: string
  readonly time?: number
  readonly repetitions?: number
  readonly samples?: number
}

const FULL = { repetitions: 20, samples: 16_384 }
const QUICK = { repetitions: 5, samples: 2048 }

/** `certificate-study`: how much the estimates of `certify` scatter from sample to sample. */
export function addCertificateStudy(command: Command, io: Io): void {
  command
    .addOption(textOption('--model <folder>', 'folder of a trained model'))
    .addOption(textOption('--problem <file>', 'problem file (.json)'))
    .addOption(timeOption('--time <T>', "time T (default the model's)"))
    .addOption(
      integerOption(
        '--repetitions <n>',
        `default ${FULL.repetitions}; ${QUICK.repetitions} with --quick`,
        2,
        1000,
      ),
    )
    .addOption(
      integerOption(
        '--samples <n>',
        `trajectories (default ${FULL.samples}; ${QUICK.samples} with --quick)`,
        2,
        1e7,
      ),
    )
    .action((_, own: Command) => runStudy(own.optsWithGlobals(), io))
}

async function runStudy(options: Options, io: Io): Promise<void> {
  checkGiven(options, 'model', 'problem')
  const { seed, threads, repetitions, samples } = options
  const problem = await readProblem(options.problem)
  const { loadModel } = await import('../../solvers/neural/index.ts')
  const { certificateStudy } = await import('../../experiments/certificate-study/index.ts')
  const { solve } = await import('../../src/solve.ts')
  const method = await loadModel(options.model)
  const time = checkTime(problem, '--time', options.time ?? method.model.description.time, true)
  // refuses a model of other data, or a later time than it knows
  await solve(problem, method, { time })
  const bar = progressBar()
  try {
    const study = await certificateStudy({
      ...{ problem, model: method.model, time, seed, threads, onProgress: bar.update },
      ...(options.quick ? QUICK : FULL),
      ...omitUndefined({ repetitions, samples, signal: io.signal }),
    })
    bar.stop()
    io.stdout(options.json ? `${JSON.stringify(study)}\n` : await studyText(study))
  } finally {
    bar.stop()
  }
}

async function studyText({ importance, plain }: CertificateStudy): Promise<string> {
  const { sectionText } = await import('../../experiments/section-text.ts')
  const { formatNumber, formatPercent } = await import('../../src/report/format.ts')
  const row = (name: string, { relativeError, certificate, ratio, ...rest }: EstimatorStudy) => [
    name,
    formatNumber(relativeError.mean),
    formatPercent(relativeError.scatter),
    formatNumber(certificate.mean),
    formatPercent(certificate.scatter),
    formatNumber(ratio),
    `${rest.belowTrueError} of ${rest.repetitions.length}`,
    formatPercent(rest.worstShare),
  ]
  const found = {
    heading: 'What was found',
    paragraphs: [
      'Scatter is the standard deviation over repetitions, relative to the mean. A certificate below the true error would be wrong.',
    ],
    table: {
      caption: 'Means over repetitions with fresh samples',
      head: [
        ...['sampling', 'error', 'scatter', 'certificate', 'scatter', 'certificate / error'],
        ...['below the error', 'worst 0.1 % hold'],
      ],
      rows: [row('importance', importance), row('plain', plain)],
    },
  }
  return `${sectionText(found)}\n`
}
