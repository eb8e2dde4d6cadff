import type { Command } from 'commander'
import { pairNodes, pairPoints } from '../../src/certificate/pairs.ts'
import { trajectoryPoints } from '../../src/certificate/trajectory-points.ts'
import { checkWritable } from '../../src/io/atomic-write.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { timeInJson } from '../../src/io/json.ts'
import { pointsFormat, writePoints } from '../../src/io/points-files.ts'
import { points } from '../../src/points/points.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { version } from '../../src/version.ts'
import { yieldAndCheckAbort } from '../../src/yield-and-check-abort.ts'
import type { Sampling } from '../certificate-sample.ts'
import { checkOutputs, type Io } from '../io.ts'
import { gridRows, reportGrid } from '../map-report.ts'
import { checkGiven, textOption } from '../options.ts'
import { addSamplingOptions, type SamplingOptions, sampled } from '../sampling-options.ts'

interface PointsOptions extends SamplingOptions {
  readonly out: string
  readonly directions?: string
  readonly weights?: string
  readonly grid?: string
}

/** `points`: where a network of any framework has to be evaluated, for `score` to measure and certify it. */
export function addPoints(command: Command, io: Io): void {
  addSamplingOptions(command)
    .addOption(textOption('--out <file>', 'file for the rows t, x1, x2, … (.npy, .json or .csv)'))
    .addOption(
      textOption(
        '--directions <file>',
        'file for the directions dt, dx1, dx2, … of a Jacobian–vector product',
      ),
    )
    .addOption(
      textOption('--weights <file>', 'file for the importance weights of the trajectories, a row each'),
    )
    .addOption(
      textOption(
        '--grid <file>',
        'file for the points of the error maps, in 1-D and 2-D, for --report of `score`',
      ),
    )
    .action((_, own: Command) => writeTrajectories(own.optsWithGlobals(), io))
}

async function writeTrajectories(options: PointsOptions, io: Io): Promise<void> {
  checkGiven(options, 'problem', 'time', 'out')
  const { out, directions: other, weights, grid, json } = options
  const names = [out, other, weights, grid].filter((name) => name !== undefined)
  for (const name of names) pointsFormat(name)
  await checkOutputs(
    [options.problem, options.times].filter((name) => name !== undefined),
    {
      ...{ '--out': out, '--directions': other, '--weights': weights, '--grid': grid },
    },
  )
  for (const name of names) await checkWritable(name)
  const { problem, sampling, sample, first } = await sampled(options)
  if (options.pairs) return writePairs(options, { problem, sampling, sample, first }, io)
  const maps = grid === undefined ? null : await gridOf(problem, sampling, options.quick)
  await yieldAndCheckAbort(io.signal)
  const made = trajectoryPoints(problem, sample, first, sampling.time, other !== undefined, sampling.times)
  const columns = problem.dimension + 1
  await writePoints(out, points(made.points, columns))
  if (other !== undefined && made.directions) await writePoints(other, points(made.directions, columns))
  if (weights !== undefined) await writePoints(weights, points(sample.weights, 1))
  if (grid !== undefined && maps) await writePoints(grid, points(maps, columns))
  const { time, count, intervals, times, seed } = sampling
  const rows = made.points.length / columns
  const record = {
    points: out,
    directions: other ?? null,
    rows,
    columns,
    time: timeInJson(time),
    samples: count,
    intervals: times ? null : intervals,
    weights: weights ?? null,
    grid: grid ?? null,
  }
  io.stdout(
    json
      ? `${JSON.stringify({ ...record, start: options.start ?? 0, seed, version })}\n`
      : `${rows} rows t, x written to ${out}: give f(t, x), a row each, to score, with the same --problem, --time, --samples${times ? ', --times' : ''} and --seed.\n`,
  )
}

/** The rows t, u, x of pairs in place of those of t, x. */
async function writePairs(
  options: PointsOptions,
  { problem, sampling, sample, first }: Awaited<ReturnType<typeof sampled>>,
  io: Io,
): Promise<void> {
  for (const name of ['directions', 'grid'] as const)
    if (options[name] !== undefined)
      throw new BadInput(`--${name}`, 'is given together with --pairs', 'one of the two')
  const { out, weights, json } = options
  const columns = problem.dimension + 2
  const { time, to = 0, times, count, seed } = sampling
  const made = pairPoints(problem, pairNodes(problem, sample, { first, time, to, own: times }))
  await writePoints(out, points(made, columns))
  if (weights !== undefined) await writePoints(weights, points(sample.weights, 1))
  const rows = made.length / columns
  const record = {
    points: out,
    rows,
    columns,
    time,
    to,
    samples: count,
    weights: weights ?? null,
    pairs: rows / count,
  }
  io.stdout(
    json
      ? `${JSON.stringify({ ...record, seed, version })}
`
      : `${rows} rows t, u, x written to ${out}: give f(t → u, x), a row each, to score --pairs, with the same options.
`,
  )
}

/** The rows of the error maps. @throws InputError where there are none */
async function gridOf(problem: Problem, { time, times }: Sampling, quick: boolean): Promise<Float64Array> {
  if (times)
    throw new BadInput(
      '--grid',
      'is given together with --times, which has its times elsewhere',
      'one of the two',
    )
  const grid = await reportGrid(problem, time, quick)
  if (grid === null)
    throw new BadInput(
      '--grid',
      `is given for data in ${problem.dimension} dimensions`,
      'it in one or two, which have maps',
    )
  return gridRows(problem, time, grid)
}
