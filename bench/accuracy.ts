import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { lossNames, modelMap, type TrainingOptions, trainModel } from '../solvers/neural/index.ts'
import { stepsWithin } from '../solvers/neural/steps-within.ts'
import { certificate } from '../src/certificate/certificate.ts'
import { readProblem } from '../src/create/read-problem.ts'
import { checkInteger, checkNumber, InputError } from '../src/errors.ts'
import { carriedSample } from '../src/metrics/carried-sample.ts'
import { errorStatistics } from '../src/metrics/error-statistics.ts'
import { SAMPLE_LABEL } from '../src/metrics/measure-error.ts'
import type { Problem } from '../src/problem/problem.ts'
import { veTime } from '../src/problem/process.ts'
import { Random } from '../src/random/random.ts'
import { version } from '../src/version.ts'

const SAMPLES = 16_384
const INTERVALS = 64

/** What one seed gives; errors are relative to √(tr Cov(p_data)). */
interface SeedResult {
  readonly seed: number
  readonly rms: number
  /** One standard error of `rms`. */
  readonly standardError: number
  readonly median: number
  readonly worstShare: number
  readonly certificate: number
  /** Of training, by the clock. */
  readonly seconds: number
  /** Milliseconds of processor time a step, trajectories included; null where some steps were done before. */
  readonly cpuMsPerStep: number | null
  /** Of the machine, when training ended. */
  readonly load: number
}

/**
 * Trains one loss on one problem with several seeds and measures each map as `certify` does: the same trajectories, the same
 * error. Prints a line a seed on stderr as it goes.
 */
export async function accuracy(args: string[]): Promise<object> {
  const { path, time, seeds, first, out, samples, loss, seconds: given, training } = readOptions(args)
  const problem = await readProblem(path)
  const runs: SeedResult[] = []
  let backend = ''
  let options: object = {}
  const trial = (steps: number) => trainModel(problem, { ...training, loss, time, steps })
  // found once: all seeds are trainings of the same length
  const counted = given === undefined ? {} : { steps: await stepsWithin(given, trial, processorTime) }
  for (let seed = first; seed < first + seeds; seed++) {
    const before = process.cpuUsage()
    let done = 0
    const { model, seconds, steps } = await trainModel(problem, {
      ...training,
      ...counted,
      loss,
      time,
      seed,
      ...(out !== undefined && { out: join(out, `seed-${seed}`), resume: 'unchanged' }),
      onProgress: (progress) => {
        done ||= progress.done
      },
    })
    const used = process.cpuUsage(before)
    const fromStart = done < steps / 2
    const run: SeedResult = {
      seed,
      ...(await measure(problem, await modelMap(model), time, samples)),
      seconds,
      cpuMsPerStep: fromStart ? (used.user + used.system) / 1000 / steps : null,
      load: loadavg()[0] as number,
    }
    runs.push(run)
    backend = model.description.training.backend
    options = model.description.settings
    console.error(`${loss}, seed ${seed}: RMS ${short(run.rms)}, median ${short(run.median)}`)
  }
  const spread = (name: 'rms' | 'median' | 'certificate') => {
    const values = runs.map((run) => run[name])
    return {
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      min: Math.min(...values),
      max: Math.max(...values),
    }
  }
  return {
    ...{ problem: path, loss, time, samples },
    ...{ rms: spread('rms'), median: spread('median'), certificate: spread('certificate') },
    ...{ runs, options, backend, version },
  }
}

async function measure(
  { density, process }: Problem,
  map: Awaited<ReturnType<typeof modelMap>>,
  time: number,
  count: number,
): Promise<Pick<SeedResult, 'rms' | 'standardError' | 'median' | 'worstShare' | 'certificate'>> {
  const reduced = veTime(process, time)
  // the stream of `certify`
  const random = Random.stream(0, SAMPLE_LABEL)
  const sample = carriedSample(density, { time: reduced, count, intervals: INTERVALS, random })
  const { estimate } = certificate(map, density, sample)
  const at = map.evaluate(reduced, sample.positions[INTERVALS] as Float64Array)
  const { relativeError, standardError, medianError, worstShare } = errorStatistics(
    sample.x0,
    at,
    sample.weights,
    density.moments.trace,
    sample.labels,
  )
  return { rms: relativeError, standardError, median: medianError, worstShare, certificate: estimate }
}

/** Of this process, in milliseconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function short(value: number): string {
  return value.toExponential(2)
}

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      problem: { type: 'string' },
      time: { type: 'string' },
      loss: { type: 'string', default: 'pinn' },
      seeds: { type: 'string', default: '3' },
      // the first of the seeds
      seed: { type: 'string', default: '0' },
      // a folder for models and checkpoints, from which a run that was stopped goes on
      out: { type: 'string' },
      samples: { type: 'string', default: String(SAMPLES) },
      threads: { type: 'string', default: '1' },
      steps: { type: 'string' },
      // of processor time for each training, in place of steps
      seconds: { type: 'string' },
      network: { type: 'string' },
      batch: { type: 'string' },
      width: { type: 'string' },
      layers: { type: 'string' },
      units: { type: 'string' },
      rate: { type: 'string' },
      optimiser: { type: 'string' },
      intervals: { type: 'string' },
      solver: { type: 'string' },
      points: { type: 'string' },
    },
  })
  if (values.seconds !== undefined && values.steps !== undefined)
    throw new InputError('seconds', values.seconds, 'it without steps')
  if (values.problem === undefined) throw new InputError('problem', undefined, 'a problem file')
  const loss = lossNames.find((name) => name === values.loss)
  if (loss === undefined) throw new InputError('loss', values.loss, `one of ${lossNames.join(', ')}`)
  const numbers = ['threads', 'steps', 'batch', 'width', 'layers', 'units', 'rate', 'intervals'] as const
  const texts = ['network', 'optimiser', 'solver', 'points'] as const
  // trainModel checks every value
  const training = Object.fromEntries([
    ...numbers.flatMap((name) => (values[name] === undefined ? [] : [[name, Number(values[name])]])),
    ...texts.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  ]) as TrainingOptions
  return {
    path: values.problem,
    time: checkNumber('time', Number(values.time), 0, Number.MAX_VALUE, true),
    seeds: checkInteger('seeds', Number(values.seeds), 1),
    first: checkInteger('seed', Number(values.seed), 0),
    out: values.out,
    samples: checkInteger('samples', Number(values.samples), 2),
    loss,
    ...(values.seconds !== undefined && {
      seconds: checkNumber('seconds', Number(values.seconds), 0, 1e9, true),
    }),
    training,
  }
}
