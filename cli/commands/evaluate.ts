import type { Command } from 'commander'
import { createMethod, hasOwnThreads, type MethodSpec } from '../../solvers/method-specification.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { namingInputs } from '../../src/errors.ts'
import { checkWritable, writeFileAtomic } from '../../src/io/atomic-write.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { openPoints, pointsFormat } from '../../src/io/points-files.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { checkTime } from '../../src/problem/process.ts'
import { writeImages } from '../evaluate-in-parts.ts'
import { checkOutputs, type Io } from '../io.ts'
import { checkMethodOptions, flagOf, type MethodOptions, methodNames, methodSpec } from '../method.ts'
import {
  checkGiven,
  choiceOption,
  integerOption,
  numberOption,
  type SharedOptions,
  textOption,
  timeOption,
} from '../options.ts'

interface EvaluateOptions extends SharedOptions, MethodOptions {
  readonly problem: string
  readonly time: number
  readonly points: string
  readonly out: string
  readonly save?: string
}

/** `evaluate`: f(T, X) of a problem, by a method, at the points of a file. */
export function addEvaluate(command: Command, io: Io): void {
  command
    .addOption(textOption('--problem <file>', 'problem file (.json)'))
    .addOption(choiceOption('--method <name>', 'how f is computed', methodNames))
    .addOption(timeOption('--time <T>', 'time T of the points'))
    .addOption(textOption('--points <file>', 'points X (.json, .npy or .csv)'))
    .addOption(textOption('--out <file>', 'file for f(T, X) (.json, .npy or .csv)'))
    .addOption(textOption('--tableau <name>', 'characteristics: Runge–Kutta method (default by --rtol)'))
    .addOption(textOption('--solver <name>', 'the same by its older name'))
    .addOption(numberOption('--rtol <number>', 'characteristics: relative tolerance (default 1e-10)'))
    .addOption(numberOption('--atol <number>', 'characteristics: absolute tolerance (default 1e-12)'))
    .addOption(
      choiceOption('--coordinates <name>', 'characteristics: coordinates (default comoving)', [
        'comoving',
        't',
      ]),
    )
    .addOption(textOption('--scheme <name>', 'grid: scheme (default forward-map)'))
    .addOption(integerOption('--nodes <n>', 'grid: nodes an axis', 2))
    .addOption(
      choiceOption('--mesh <name>', 'grid: how the nodes of upwind and WENO schemes lie (default uniform)', [
        'uniform',
        'moving',
      ]),
    )
    .addOption(numberOption('--tolerance <number>', 'grid: error to aim at, in place of --nodes'))
    .addOption(textOption('--save <file>', 'grid, forward-map: keep the table for all times up to T'))
    .addOption(textOption('--table <file>', 'table: file of a saved table'))
    .addOption(textOption('--model <folder>', 'model: folder of a trained model'))
    .action((_, own: Command) => evaluate(own.optsWithGlobals(), io))
}

async function evaluate(options: EvaluateOptions, io: Io): Promise<void> {
  checkGiven(options, 'problem', 'method', 'time', 'points', 'out')
  checkMethodOptions(options)
  pointsFormat(options.points)
  pointsFormat(options.out)
  const problem = await readProblem(options.problem)
  const time = checkTime(problem, '--time', options.time, true)
  const source = await openPoints(options.points)
  const { dimension } = source
  if (dimension !== problem.dimension)
    throw new BadInput(
      options.points,
      `has points of dimension ${dimension}`,
      `${problem.dimension}, the dimension of the problem`,
    )
  await checkOutputs([options.problem, options.points, options.table], {
    '--out': options.out,
    '--save': options.save,
  })
  await checkWritable(options.out)
  const { seed, threads } = options
  const spec = await savedTable(problem, options, io)
  const method = await namingInputs(flagOf(options), () => createMethod(spec, { threads }))
  const task = hasOwnThreads(spec.kind) ? null : { problem: problem.specification, method: spec, time, seed }
  await writeImages(problem, method, source, { ...options, time, ...(task && { task }) }, io)
}

/** With --save makes the table, writes it, and has it evaluated. */
async function savedTable(problem: Problem, options: EvaluateOptions, io: Io): Promise<MethodSpec> {
  const { save, method, scheme, time, nodes, tolerance } = options
  if (save === undefined) return methodSpec(options)
  if (method !== 'grid' || (scheme !== undefined && scheme !== 'forward-map'))
    throw new BadInput('--save', 'is given with another method', '--method grid --scheme forward-map with it')
  if (options.mesh !== undefined)
    throw new BadInput(
      '--mesh',
      'is given together with --save, whose nodes follow the flow',
      'one of the two',
    )
  await checkWritable(save)
  const { encodeTable, tabulate } = await import('../../solvers/grid/index.ts')
  const signal = io.signal && { signal: io.signal }
  const { table } = await tabulate(problem, { time, ...omitUndefined({ nodes, tolerance }), ...signal })
  const bytes = await encodeTable(table)
  await writeFileAtomic(save, bytes)
  return { kind: 'table', path: save, bytes }
}
