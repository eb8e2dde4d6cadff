import type { Command } from 'commander'
import { checkWritable } from '../../io/atomic-write.ts'
import { BadInput } from '../../io/bad-input.ts'
import { memorySource } from '../../io/point-source.ts'
import { pointsFormat } from '../../io/points-files.ts'
import { points } from '../../points/points.ts'
import { checkTime } from '../../problem/check-time.ts'
import { Random } from '../../random/random.ts'
import type { Io } from '../io.ts'
import { createMethod } from '../method.ts'
import {
  checkGiven,
  choiceOption,
  integerOption,
  numberOption,
  type SharedOptions,
  textOption,
} from '../options.ts'
import { readProblem } from '../read-problem.ts'
import { writeImages } from '../write-images.ts'

interface SampleOptions extends SharedOptions {
  readonly problem: string
  readonly time: number
  readonly out: string
  readonly samples?: number
  readonly solver?: 'euler' | 'heun'
  readonly steps?: number
  readonly model?: string
}

const SAMPLES = 4096
const QUICK_SAMPLES = 256

/** `sample`: new data from noise, in K steps of a sampler or in one step of a trained model. */
export function addSample(program: Command, io: Io): void {
  program
    .command('sample')
    .description('Draw new data: noise of time T, taken to time 0 by a sampler or a trained model.')
    .addOption(textOption('--problem <file>', 'problem file (.json)'))
    .addOption(numberOption('--time <T>', 'time T of the noise, N(0, σ(T)²)'))
    .addOption(textOption('--out <file>', 'file for the samples (.json, .npy or .csv)'))
    .addOption(
      integerOption('--samples <n>', `how many (default ${SAMPLES}; ${QUICK_SAMPLES} with --quick)`, 1, 1e8),
    )
    .addOption(choiceOption('--solver <name>', 'sampler (default heun)', ['euler', 'heun']))
    .addOption(integerOption('--steps <K>', 'steps of the sampler (default 18)', 1, 1e6))
    .addOption(textOption('--model <folder>', 'folder of a trained model, in place of a sampler'))
    .action((_, command: Command) => sample(command.optsWithGlobals(), io))
}

async function sample(options: SampleOptions, io: Io): Promise<void> {
  checkGiven(options, 'problem', 'time', 'out')
  pointsFormat(options.out)
  const { solver, steps, model, seed } = options
  const extra = solver === undefined ? (steps === undefined ? null : '--steps') : '--solver'
  if (model !== undefined && extra !== null)
    throw new BadInput(extra, 'is given together with --model', 'one of the two')
  const problem = await readProblem(options.problem)
  const time = checkTime(problem, '--time', options.time, true)
  await checkWritable(options.out)
  const method =
    model === undefined
      ? (await import('../../../solvers/sampling/index.ts')).sampler({
          solver: solver ?? 'heun',
          steps: steps ?? 18,
        })
      : await createMethod({ method: 'model', model }, options.threads)

  const count = options.samples ?? (options.quick ? QUICK_SAMPLES : SAMPLES)
  const random = Random.stream(seed, 'noise to sample from')
  const deviation = problem.process.sigma(time)
  const mean = problem.process.mean?.(time) ?? 0
  const noise = Float64Array.from(
    { length: count * problem.dimension },
    () => mean + deviation * random.normal(),
  )
  await writeImages(problem, method, memorySource(points(noise, problem.dimension)), { ...options, time }, io)
}
