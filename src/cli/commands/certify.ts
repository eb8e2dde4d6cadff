import type { Command } from 'commander'
import { type Certificate, certificate } from '../../certificate/certificate.ts'
import { largestShape } from '../../certificate/pareto.ts'
import type { VeMap } from '../../consistency-function.ts'
import { BadInput } from '../../io/bad-input.ts'
import { type CarriedSample, carriedSample } from '../../metrics/carried-sample.ts'
import { type ErrorStatistics, errorStatistics } from '../../metrics/error-statistics.ts'
import type { Density } from '../../problem/density.ts'
import { processTime, veTime } from '../../problem/process.ts'
import { Random } from '../../random/random.ts'
import { solve } from '../../solve.ts'
import { version } from '../../version.ts'
import { flowOf } from '../against.ts'
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
// a network is no smoother than that at a reasonable cost
const NETWORK_RTOL = 1e-8

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
  const method = await createMethod({ method: 'model', model: options.model }, threads)
  const f = await solve(problem, method, { time, seed })
  if (!f.ve.jvp)
    throw new BadInput(options.model, 'is a score network, which has no residual', 'a consistency function')

  const start = performance.now()
  const reduced = veTime(process, time)
  const random = Random.stream(seed, 'the sample of a certificate')
  const sampling = {
    ...{ time: reduced, count, intervals: INTERVALS },
    ...(density.kind === 'neural' && { rtol: NETWORK_RTOL }),
  }
  const sample = carriedSample(density, { ...sampling, random })
  await hearSignals(io.signal)
  const bound = certificate(f.ve, density, sample)
  await hearSignals(io.signal)
  const {
    relativeError: value,
    standardError,
    effectiveSampleSize,
    worstShare,
  } = errorOn(f.ve, density, sample)
  const interval = around(value, 1.96 * standardError)
  const seconds = (performance.now() - start) / 1000
  const plain = sample.kind === 'importance' ? await plainEstimates(f.ve, density, sampling, seed, io) : null

  const against = flowOf(problem)
  const { teacher = null } = f.ve.options ?? {}
  const result = {
    estimate: bound.estimate,
    interval: bound.interval,
    bound: bound.bound,
    // JSON has no infinity
    paretoK: Number.isFinite(bound.paretoK) ? bound.paretoK : null,
    against,
    teacher,
    trueError: { value, interval },
    effectiveSampleSize,
    worstShare,
    plain,
    byTime: bound.byTime.map((at) => ({ time: processTime(process, at.time, time), residual: at.residual })),
    ...{ method: f.info.method, time, samples: count, sampling: sample.kind, seconds, seed, version },
  }
  io.stdout(
    options.json
      ? `${JSON.stringify(result)}\n`
      : `${sentence(bound, count, `the relative error at time ${time}, against ${against},`)}; ` +
          `on the same points it is ${show(value, interval)}.\n${beside(plain)}${note(teacher, density.kind)}`,
  )
}

/** What the certificate says of an error. */
function sentence({ bound, estimate, interval, paretoK }: Certificate, count: number, error: string): string {
  if (bound) return `The certificate: ${error} is at most ${show(estimate, interval)}`
  return (
    `No bound: the residuals have so heavy a tail (Pareto k ${paretoK.toFixed(2)}, above ${largestShape(count).toFixed(2)}) that rare ` +
    `points may hold most of ${error} which the certificate puts at ${show(estimate, interval)}; try more samples`
  )
}

function note(teacher: unknown, kind: string): string {
  if (teacher === null || kind === 'neural') return ''
  return `The model was trained on the flow of the score network ${teacher}, whose own error is part of this.\n`
}

/** What plain samples of p_T give, as many: rare points in the layers make it scatter far more than its intervals say. */
interface PlainEstimates {
  readonly estimate: number
  readonly interval: readonly [number, number]
  readonly trueError: { readonly value: number; readonly interval: readonly [number, number] }
  readonly worstShare: number
}

async function plainEstimates(
  map: VeMap,
  density: Density,
  sampling: { time: number; count: number; intervals: number },
  seed: number,
  io: Io,
): Promise<PlainEstimates> {
  const random = Random.stream(seed, 'the plain sample of a certificate')
  const sample = carriedSample(density, { ...sampling, random, plain: true })
  await hearSignals(io.signal)
  const { estimate, interval } = certificate(map, density, sample)
  const { relativeError: value, standardError, worstShare } = errorOn(map, density, sample)
  return {
    estimate,
    interval,
    trueError: { value, interval: around(value, 1.96 * standardError) },
    worstShare,
  }
}

function errorOn(
  map: VeMap,
  density: Density,
  { times, positions, x0, weights }: CarriedSample,
): ErrorStatistics {
  const last = times.length - 1
  return errorStatistics(x0, map.evaluate(times[last], positions[last]), weights, density.moments.trace)
}

function beside(plain: PlainEstimates | null): string {
  if (!plain) return ''
  const { estimate, interval, trueError, worstShare } = plain
  return (
    `By plain sampling, as many points: at most ${show(estimate, interval)}, and ${show(trueError.value, trueError.interval)}; ` +
    `there the worst 0.1 % of points hold ${Math.round(100 * worstShare)} % of the squared error.\n`
  )
}

function around(value: number, deviation: number): [number, number] {
  return [Math.max(0, value - deviation), value + deviation]
}

function show(value: number, [low, high]: readonly [number, number]): string {
  return `${value.toPrecision(3)} (95 % interval ${low.toPrecision(3)} to ${high.toPrecision(3)})`
}
