import type { Command } from 'commander'
import { createMethod, type MethodSpec } from '../../solvers/method-specification.ts'
import { type ScheduleName, scheduleNames } from '../../solvers/sampling/schedules.ts'
import { type SamplerName, samplerNames } from '../../solvers/sampling/schemes.ts'
import type { Method } from '../../src/consistency-function.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { checkWritable } from '../../src/io/atomic-write.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { memorySource } from '../../src/io/point-sources.ts'
import { pointsFormat } from '../../src/io/points-files.ts'
import { points } from '../../src/points/points.ts'
import { checkTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { writeImages } from '../evaluate-in-parts.ts'
import { checkOutputs, type Io } from '../io.ts'
import {
  checkGiven,
  choiceOption,
  integerOption,
  type SharedOptions,
  textOption,
  timeOption,
} from '../options.ts'

interface SampleOptions extends SharedOptions {
  readonly problem: string
  readonly time: number
  readonly out: string
  readonly samples?: number
  readonly sampler?: SamplerChoice
  readonly solver?: SamplerName
  readonly schedule?: ScheduleName
  readonly steps?: number
  readonly model?: string
}

type SamplerChoice = SamplerName | 'consistency'

const SAMPLES = 4096
const QUICK_SAMPLES = 256

/** `sample`: new data from noise, in K steps of a sampler, in one step of a trained model, or in K steps of consistency sampling. */
export function addSample(command: Command, io: Io): void {
  command
    .addOption(textOption('--problem <file>', 'problem file (.json)'))
    .addOption(timeOption('--time <T>', 'time T of the noise, N(0, σ(T)²)'))
    .addOption(textOption('--out <file>', 'file for the samples (.json, .npy or .csv)'))
    .addOption(
      integerOption('--samples <n>', `how many (default ${SAMPLES}; ${QUICK_SAMPLES} with --quick)`, 1, 1e8),
    )
    .addOption(choiceOption('--sampler <name>', 'sampler (default heun)', [...samplerNames, 'consistency']))
    .addOption(choiceOption('--solver <name>', 'the same by its older name', samplerNames))
    .addOption(choiceOption('--schedule <name>', 'times of the sampler (default karras)', scheduleNames))
    .addOption(integerOption('--steps <K>', 'steps of the sampler (default 18; 2 with consistency)', 1, 1e6))
    .addOption(
      textOption(
        '--model <folder>',
        'folder of a trained model, in place of a sampler; with --sampler consistency in K steps',
      ),
    )
    .action((_, own: Command) => sample(own.optsWithGlobals(), io))
}

async function sample(options: SampleOptions, io: Io): Promise<void> {
  checkGiven(options, 'problem', 'time', 'out')
  pointsFormat(options.out)
  const { schedule, steps, model, seed } = options
  if (options.sampler !== undefined && options.solver !== undefined)
    throw new BadInput('--solver', 'is given together with --sampler', 'one of the two')
  const name = options.sampler ?? options.solver
  const again = name === 'consistency'
  if (again && schedule !== undefined)
    throw new BadInput('--schedule', 'is given with --sampler consistency', 'no schedule')
  const extra = {
    '--sampler': options.sampler,
    '--solver': options.solver,
    '--schedule': schedule,
    '--steps': steps,
  }
  const alone = Object.entries(extra).find(([, value]) => value !== undefined)
  if (model !== undefined && alone && !again)
    throw new BadInput(alone[0], 'is given together with --model', 'one of the two')
  const problem = await readProblem(options.problem)
  const time = checkTime(problem, '--time', options.time, true)
  await checkOutputs([options.problem], { '--out': options.out })
  await checkWritable(options.out)
  const map: MethodSpec = model === undefined ? { kind: 'exact' } : { kind: 'model', path: model }
  const spec: MethodSpec =
    model !== undefined || again ? map : { kind: 'sampler', solver: name, steps, schedule }
  const base = await createMethod(spec, { threads: options.threads })
  const method = again ? await inSteps(base, steps) : base

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

async function inSteps(map: Method, steps: number | undefined): Promise<Method> {
  const { consistencySampler } = await import('../../solvers/sampling/consistency-sampler.ts')
  return consistencySampler(map, { steps })
}
