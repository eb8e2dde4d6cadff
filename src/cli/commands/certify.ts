import type { Command } from 'commander'
import { certificate } from '../../certificate/certificate.ts'
import { carriedSample } from '../../metrics/carried-sample.ts'
import { errorStatistics } from '../../metrics/error-statistics.ts'
import { processTime, veTime } from '../../problem/process.ts'
import { Random } from '../../random/random.ts'
import { solve } from '../../solve.ts'
import { version } from '../../version.ts'
import { hearSignals } from '../hear-signals.ts'
import type { Io } from '../io.ts'
import { createMethod } from '../method.ts'
import { checkGiven, integerOption, numberOption, type SharedOptions, textOption } from '../options.ts'
import { readProblem } from '../read-problem.ts'

interface CertifyOptions extends SharedOptions {
  readonly model: string
  readonly problem: string
  readonly time: number
  readonly samples?: number
}

const SAMPLES = 16_384
const QUICK_SAMPLES = 2048
const INTERVALS = 64

/** `certify`: the bound of docs/mathematics.md §5 on the error of a trained model, and the error itself. */
export function addCertify(program: Command, io: Io): void {
  program
    .command('certify')
    .description('Bound the error of a trained model by its residual, and measure the error itself.')
    .addOption(textOption('--model <folder>', 'folder of a trained model'))
    .addOption(textOption('--problem <file>', 'problem file (.json)'))
    .addOption(numberOption('--time <T>', 'time T'))
    .addOption(
      integerOption(
        '--samples <n>',
        `trajectories (default ${SAMPLES}; ${QUICK_SAMPLES} with --quick)`,
        2,
        1e7,
      ),
    )
    .action((_, command: Command) => certify(command.optsWithGlobals(), io))
}

async function certify(options: CertifyOptions, io: Io): Promise<void> {
  checkGiven(options, 'model', 'problem', 'time')
  const { time, seed, threads } = options
  const count = options.samples ?? (options.quick ? QUICK_SAMPLES : SAMPLES)
  const problem = await readProblem(options.problem)
  const { process, density } = problem
  const f = await solve(problem, await createMethod({ method: 'model', model: options.model }, threads), {
    time,
    seed,
  })

  const start = performance.now()
  const reduced = veTime(process, time)
  const random = Random.stream(seed, 'the sample of a certificate')
  const sample = carriedSample(density, { time: reduced, count, intervals: INTERVALS, random })
  await hearSignals(io.signal)
  const bound = certificate(f.ve, density, sample)
  await hearSignals(io.signal)
  const estimate = f.ve.evaluate(reduced, sample.positions[INTERVALS])
  const error = errorStatistics(sample.x0, estimate, sample.weights, density.moments.trace)
  const { relativeError: value, standardError, effectiveSampleSize, worstShare } = error
  const interval = around(value, 1.96 * standardError)
  const seconds = (performance.now() - start) / 1000

  const result = {
    estimate: bound.estimate,
    interval: bound.interval,
    trueError: { value, interval },
    effectiveSampleSize,
    worstShare,
    byTime: bound.byTime.map((at) => ({ time: processTime(process, at.time, time), residual: at.residual })),
    ...{ method: f.info.method, time, samples: count, sampling: sample.kind, seconds, seed, version },
  }
  io.stdout(
    options.json
      ? `${JSON.stringify(result)}\n`
      : `The relative error at time ${time} is at most ${show(bound.estimate, bound.interval)} by the certificate; ` +
          `it is ${show(value, interval)}.\n`,
  )
}

function around(value: number, deviation: number): [number, number] {
  return [Math.max(0, value - deviation), value + deviation]
}

function show(value: number, [low, high]: readonly [number, number]): string {
  return `${value.toPrecision(3)} (95 % interval ${low.toPrecision(3)} to ${high.toPrecision(3)})`
}
