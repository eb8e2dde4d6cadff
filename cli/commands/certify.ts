import type { Command } from 'commander'
import { createMethod } from '../../solvers/method-specification.ts'
import type { ModelMethod } from '../../solvers/neural/model-method.ts'
import { certificate, firstTime } from '../../src/certificate/certificate.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { drawNoised } from '../../src/metrics/carried-sample.ts'
import { SAMPLES } from '../../src/metrics/measure-error.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import { veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { yieldAndCheckAbort } from '../../src/yield-and-check-abort.ts'
import { certified, errorOn, type Findings, plainEstimates, valuesAtEnd } from '../certificate-results.ts'
import { certificateSample, QUICK_SAMPLES } from '../certificate-sample.ts'
import { certifiedText } from '../certificate-text.ts'
import type { Io } from '../io.ts'
import {
  checkReport,
  diagnosisOf,
  divided,
  reportGrid,
  reportOption,
  withTruth,
  writeReport,
} from '../map-report.ts'
import { checkGiven, commandInWords, type SharedOptions, textOption } from '../options.ts'
import {
  certificateOptions,
  checkTo,
  intervalsOf,
  intervalsOption,
  samplesOption,
  toOption,
} from '../sampling-options.ts'

interface CertifyOptions extends SharedOptions {
  readonly model: string
  readonly problem: string
  readonly time: number
  readonly samples?: number
  readonly intervals?: number
  readonly to?: number
  readonly report?: string
}

// one-step samples of the report, as many as `compare` draws
const IMAGES = 4096
const QUICK_IMAGES = 1024

/** `certify`: the bound of docs/mathematics.md §5 on the error of a trained model, and the error itself. */
export function addCertify(command: Command, io: Io): void {
  command.addOption(
    textOption(
      '--model <path>',
      'folder of a trained model, or of a network of your own (docs/your-own-network.md)',
    ),
  )
  for (const option of certificateOptions()) command.addOption(option)
  command
    .addOption(samplesOption(1e7))
    .addOption(intervalsOption())
    .addOption(toOption())
    .addOption(reportOption())
    .action((_, own: Command) => certify(own.optsWithGlobals(), commandInWords(own), io))
}

async function certify(options: CertifyOptions, command: string, io: Io): Promise<void> {
  checkGiven(options, 'model', 'problem', 'time')
  const { time, seed, threads, report, quick } = options
  await checkReport(report, [options.problem, options.model])
  const count = options.samples ?? (quick ? QUICK_SAMPLES : SAMPLES)
  const problem = await readProblem(options.problem)
  const to = checkTo(problem, time, options.to)
  const sampling = { time, count, intervals: intervalsOf(options), seed, to }
  const { density } = problem
  const method = await createMethod({ kind: 'model', path: options.model }, { threads })
  const f = await solve(problem, method, { time, seed })
  if (!f.ve.jvp)
    throw new BadInput(options.model, 'is a score network, which has no residual', 'a consistency function')
  if (to !== undefined && !f.ve.to)
    throw new BadInput(
      '--to',
      `is ${to} for a model that leads to time 0`,
      'it for a description of a network only',
    )
  const map = to === undefined ? f.ve : (f.ve.to?.(veTime(problem.process, to)) ?? f.ve)

  const start = performance.now()
  const sample = certificateSample(problem, sampling)
  await yieldAndCheckAbort(io.signal)
  const bound = certificate(map, density, sample)
  await yieldAndCheckAbort(io.signal)
  const values = valuesAtEnd(map, sample)
  const errors = errorOn(values, density, sample)
  const seconds = (performance.now() - start) / 1000
  const plain = sample.kind === 'importance' ? await plainEstimates(map, problem, sampling, io) : null
  const teacher = f.ve.options?.teacher
  const findings: Findings = { method: f.info.method, teacher, sample, bound, errors, values, plain, seconds }
  const record = certified(problem, sampling, findings)
  let written = ''
  if (report !== undefined) {
    await yieldAndCheckAbort(io.signal)
    const { mapReport } = await import('../../experiments/map-report/index.ts')
    const first = firstTime(sample.times, map.startTime ?? 0)
    const diagnosis =
      to === undefined
        ? await diagnosisOf(
            problem,
            time,
            sample,
            first,
            io,
            (few) => (k) => map.evaluate(few.sample.times[k], few.sample.positions[k]),
          )
        : null
    const trained = 'model' in method ? (method as ModelMethod).model : null
    const byLoss =
      trained && to === undefined ? await divided(trained, problem, time, sample, values) : undefined
    // the truth of the maps is that to time 0
    const grid = to === undefined ? await reportGrid(problem, time, quick) : null
    const noise = drawNoised(
      density,
      veTime(problem.process, time),
      quick ? QUICK_IMAGES : IMAGES,
      Random.stream(seed, 'noise'),
    )
    const made = await mapReport({
      ...{ name: f.info.method, problem, time, seed, sample, values, statistics: errors, certificate: bound },
      ...{
        by: 'residual',
        options: f.info.options,
        functionEvaluations: f.info.functionEvaluations,
        seconds,
      },
      ...{ cause: f.ve.cause ?? null, images: map.evaluate(veTime(problem.process, time), noise), record },
      ...omitUndefined({ byLoss, teacher: trained?.description.teacher?.name }),
      diagnosis,
      maps: grid && {
        grid: await withTruth(problem, time, grid),
        values: grid.times.map(({ time: at, x }) => map.evaluate(at, x)),
      },
    })
    written = await writeReport(report, made, { command, quick })
  }
  io.stdout(
    options.json
      ? `${JSON.stringify(record)}\n`
      : `${await certifiedText(problem, sampling, findings)}${written}`,
  )
}
