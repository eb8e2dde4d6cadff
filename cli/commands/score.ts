import type { Command } from 'commander'
import { alongTangents, alongValues } from '../../src/certificate/along-values.ts'
import { certificateByIncrements } from '../../src/certificate/by-increments.ts'
import { certificateAlong } from '../../src/certificate/certificate.ts'
import { timeRate } from '../../src/certificate/trajectory-points.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { veData } from '../../src/problem/process.ts'
import { yieldAndCheckAbort } from '../../src/yield-and-check-abort.ts'
import { certified, errorOn, type Findings } from '../certificate-results.ts'
import type { Sampling } from '../certificate-sample.ts'
import { certifiedText } from '../certificate-text.ts'
import type { Io } from '../io.ts'
import {
  checkReport,
  diagnosisOf,
  gridRows,
  reportGrid,
  reportOption,
  withTruth,
  writeReport,
} from '../map-report.ts'
import { checkGiven, commandInWords, textOption } from '../options.ts'
import { byTime, readValues, valuesAreOption, valuesOption } from '../read-values.ts'
import { addSamplingOptions } from '../sampling-options.ts'
import { mapsOf, readRows, type ScoreOptions, scorePairs } from '../score-pairs.ts'
import { scoreTrajectories } from '../score-trajectories.ts'

/** `score`: error and certificate of a network from its values at the points of `points`. */
export function addScore(command: Command, io: Io): void {
  addSamplingOptions(command)
    .addOption(valuesOption())
    .addOption(valuesAreOption())
    .addOption(
      textOption(
        '--tangents <file>',
        'the derivatives of f along the directions of `points` (default: differences of the values)',
      ),
    )
    .addOption(textOption('--points <file>', 'the points themselves, to check that they are those meant'))
    .addOption(
      textOption(
        '--trajectories <file>',
        'trajectories of a teacher with the values on them (.safetensors with t, x, f), in place of all other options',
      ),
    )
    .addOption(
      textOption(
        '--grid-values <file>',
        'f(t, x) at the points of `points --grid`, for the error maps of --report',
      ),
    )
    .addOption(reportOption())
    .action((_, own: Command) => {
      const options: ScoreOptions = own.optsWithGlobals()
      if (options.trajectories === undefined)
        return options.pairs
          ? scorePairs(options, commandInWords(own), io)
          : score(options, commandInWords(own), io)
      for (const name of WITH_A_PROBLEM)
        if (options[name] !== undefined)
          throw new BadInput(
            `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
            'is given together with --trajectories',
            'one of the two',
          )
      return scoreTrajectories(options.trajectories, options, commandInWords(own), io)
    })
}

const WITH_A_PROBLEM = [
  'problem',
  'time',
  'values',
  'valuesAre',
  'tangents',
  'points',
  'samples',
  'intervals',
  'start',
  'to',
  'pairs',
  'times',
  'gridValues',
] as const

async function score(options: ScoreOptions, command: string, io: Io): Promise<void> {
  checkGiven(options, 'problem', 'time', 'values')
  const { report, gridValues, to = 0 } = options
  if (gridValues !== undefined && to > 0)
    throw new BadInput(
      '--grid-values',
      'is given together with --to',
      'one of the two: maps are those to time 0',
    )
  if (gridValues !== undefined && report === undefined)
    throw new BadInput('--grid-values', 'is given without --report, whose maps it is for', 'both')
  await checkReport(report, [
    ...[options.problem, options.values, options.tangents, options.points, options.times, gridValues],
  ])
  const { problem, sampling, sample, first, rows, values, valuesAre } = await readValues(options, io)
  const start = performance.now()
  const { density, dimension } = problem
  const { tangents } = options
  if (tangents !== undefined && valuesAre !== 'map')
    throw new BadInput(
      '--tangents',
      `is given with --values-are ${valuesAre}`,
      'it with values of the map only',
    )
  if (tangents !== undefined && sampling.times)
    throw new BadInput(
      '--tangents',
      'is given together with --times, between which no residual is integrated',
      'the values alone',
    )
  const along =
    tangents === undefined
      ? alongValues(density, sample, first, values)
      : alongTangents(
          ...([tangents, density, sample, first, values] as const),
          byTime(await readRows(tangents, rows, dimension), sampling.count * dimension).map((tangent, k) => {
            const alpha = to > 0 ? problem.process.alpha(to) : 1
            const rate = timeRate(problem, sample.times[first + k], sampling.time) / alpha
            return tangent.map((value) => rate * value)
          }),
        )
  const bound = sampling.times
    ? certificateByIncrements(density, sample, first, values)
    : certificateAlong(density, sample, along)
  const last = values[values.length - 1]
  const errors = errorOn(last, density, sample)
  const seconds = (performance.now() - start) / 1000
  const findings: Findings = {
    method: 'values',
    teacher: null,
    sample,
    bound,
    errors,
    values: last,
    plain: null,
    seconds,
  }
  const record = certified(problem, sampling, findings)
  let written = ''
  if (report !== undefined) {
    const maps =
      gridValues === undefined
        ? null
        : await readMaps(gridValues, valuesAre, problem, sampling, options.quick)
    await yieldAndCheckAbort(io.signal)
    const { mapReport } = await import('../../experiments/map-report/index.ts')
    const diagnosis =
      to > 0
        ? null
        : await diagnosisOf(
            problem,
            sampling.time,
            sample,
            first,
            io,
            (few) => (k) => few.pick(values[k - first]),
          )
    const made = await mapReport({
      ...{ name: 'the network', problem, time: sampling.time, seed: sampling.seed, sample, values: last },
      ...{
        statistics: errors,
        certificate: bound,
        by: sampling.times ? 'increments' : 'residual',
        options: {},
      },
      ...{ functionEvaluations: null, seconds: null, cause: null, images: null, maps, record, diagnosis },
    })
    written = await writeReport(report, made, { command, quick: options.quick })
  }
  io.stdout(
    options.json
      ? `${JSON.stringify(record)}\n`
      : `${await certifiedText(problem, sampling, findings)}${written}`,
  )
}

/** The error maps of values at the points of `points --grid`. */
async function readMaps(
  file: string,
  valuesAre: NonNullable<ScoreOptions['valuesAre']>,
  problem: Problem,
  { time, times }: Sampling,
  quick: boolean,
) {
  const grid = times ? null : await reportGrid(problem, time, quick)
  if (grid === null)
    throw new BadInput(
      '--grid-values',
      'is given where `points --grid` has no points',
      'it in one or two dimensions, without --times',
    )
  const { dimension: d } = problem
  const count = grid.nodes ** d
  const read = await readRows(file, grid.times.length * count, d)
  if (valuesAre === 'average-velocity') mapsOf(read, gridRows(problem, time, grid), d, 0)
  const values = byTime(veData(problem.process, read), count * d)
  return { grid: await withTruth(problem, time, grid), values }
}
