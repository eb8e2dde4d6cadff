import { characteristicsAt, createMethod, type MethodSpec } from '../../solvers/method-specification.ts'
import { readAnyModel } from '../../solvers/neural/foreign/index.ts'
import type { CarriedSample } from '../../src/metrics/carried-sample.ts'
import { unseenBy } from '../../src/metrics/unseen.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import { type NamedTask, runTasks } from '../../src/parallel/pool.ts'
import { checkTime } from '../../src/problem/check-time.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { processTime, veTime } from '../../src/problem/process.ts'
import type { Progress } from '../../src/progress.ts'
import { Random } from '../../src/random/random.ts'
import type { CompareResults } from '../../src/report/results.ts'
import { solve } from '../../src/solve.ts'
import { version } from '../../src/version.ts'
import type { DataDescription } from './data-problem.ts'
import { ladders, methodLabel, networkEntries, solverEntries } from './entries.ts'
import { errorMapPoints, type MapGrid } from './map-grid.ts'
import { methodResult } from './results.ts'
import { medianRun, type SeedRun } from './seeds.ts'
import type { CompareSettings } from './settings.ts'
import type { MapTruth, Measured, Paths, Rung, Task, Trained } from './tasks.ts'
import { TotalProgress } from './total-progress.ts'

export interface CompareOptions {
  readonly problem: Problem
  /** Where the data came from, for the report. */
  readonly data?: DataDescription
  /** Default: the end of the process, or 10 times the data scale where it has none. */
  readonly time?: number
  readonly seed: number
  readonly threads: number
  /** Models and networks of your own to measure beside the others, by path. */
  readonly models?: readonly string[]
  /** Where the trained networks go, with checkpoints from which the same comparison goes on after an interruption. */
  readonly folder?: string
  /** How much work: `full`, `quick`, or your own numbers. */
  readonly settings: CompareSettings
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** Everything a report shows: results.json and what the figures are drawn from. */
export interface Comparison {
  readonly results: CompareResults
  readonly problem: Problem
  readonly time: number
  readonly data: DataDescription | null
  readonly sample: CarriedSample
  /** A row of the table each. */
  readonly measured: readonly Measured[]
  /** The trained networks by loss, all seeds of each. */
  readonly networks: readonly NetworkRuns[]
  /** Where there are error maps: in one dimension and two. */
  readonly grid: MapGrid<MapTruth> | null
  readonly paths: Paths
  readonly ladders: readonly Ladder[]
  readonly ladderPoints: number
  /** Fresh data, as many points as one-step samples. */
  readonly fresh: Float64Array | null
}

/** The same method with more and more work. */
export interface Ladder {
  readonly label: string
  /** What the names of its methods begin with */
  readonly family: string
  readonly rungs: readonly Rung[]
}

/** All seeds of one loss. */
export interface NetworkRuns {
  readonly loss: string
  readonly runs: readonly SeedRun[]
  /** That with the median error, which stands for all. */
  readonly median: SeedRun
}

const REFERENCE_RTOL = 1e-10

/**
 * How far each consistency function of a problem is from the true one: trains the networks, measures all methods on the
 * same carried trajectories (docs/mathematics.md §5), and draws error-against-work ladders. Runs in worker threads; the
 * results do not depend on how many.
 *
 * @throws InputError for a time outside the process, or a model that does not fit the problem
 */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { problem, seed, threads, settings } = options
  const { density, process } = problem
  const time = chooseTime(problem, options.time)
  const given: MethodSpec[] = []
  for (const path of options.models ?? [])
    given.push({ kind: 'model', path, loaded: await readAnyModel(path) })
  // what does not fit is better known before the trainings
  for (const spec of given) await solve(problem, await createMethod(spec), { time })
  const context = { specification: problem.specification, time, seed }
  const progress = new TotalProgress(options.onProgress)
  const run = async <R>(tasks: NamedTask<Task>[]): Promise<R[]> => {
    progress.add(tasks.length)
    return runTasks<Task, R>(tasks, {
      worker: new URL('./worker.ts', import.meta.url),
      threads,
      onProgress: (name, part) => progress.update(name, part),
      onDone: (name) => progress.done(name),
      ...(options.signal && { signal: options.signal }),
    })
  }

  const networks = networkEntries(density, settings)
  const points = errorMapPoints(density, veTime(process, time), settings.mapNodes, settings.mapTimes)
  const sampleTask = (label: string, count: number, intervals: number): NamedTask<Task> => ({
    name: label,
    data: { kind: 'sample', context, label, count, intervals, rtol: REFERENCE_RTOL },
  })
  const trainings = networks.flatMap((network) =>
    Array.from({ length: settings.seeds }, (_, k) => ({ network, seed: seed + k })),
  )
  const first = await run<unknown>([
    ...trainings.map(({ network, seed: own }) => ({
      name: `training ${network.loss}, seed ${own}`,
      data: {
        kind: 'train' as const,
        context: { ...context, seed: own },
        network,
        settings: settings.networks,
        ...(options.folder && { folder: `${options.folder}/${network.loss}-${own}` }),
      },
    })),
    sampleTask('trajectories', settings.trajectories, settings.intervals),
    sampleTask('ladder', settings.ladderPoints, 2),
    { name: 'paths', data: { kind: 'paths', context, count: 60, intervals: 64 } },
    ...(points ? [{ name: 'truth', data: { kind: 'truth' as const, context, maps: points.times } }] : []),
  ])
  const trained = first.slice(0, trainings.length) as Trained[]
  const [sample, small] = first.slice(trainings.length) as [CarriedSample, CarriedSample]
  const paths = first[trainings.length + 2] as Paths
  const truths = first[trainings.length + 3] as Float64Array[] | undefined
  const grid =
    points && truths
      ? { ...points, times: points.times.map((at, k): MapTruth => ({ ...at, truth: truths[k] })) }
      : null

  const solvers = solverEntries(density, settings)
  const entries: MethodSpec[] = [
    ...solvers,
    ...trained.map(({ model }): MethodSpec => ({ kind: 'model', loaded: { model } })),
    ...given,
  ]
  const families = ladders(density, settings)
  const check = characteristicsAt(REFERENCE_RTOL / 100)
  const labels = await Promise.all(entries.map(methodLabel))
  const second = await run<unknown>([
    ...entries.map((spec, i) => ({
      name: `measuring ${labels[i]}`,
      data: {
        kind: 'measure' as const,
        context,
        spec,
        trainingSeconds: trained[i - solvers.length]?.seconds ?? 0,
        sample,
        samples: settings.samples,
        maps: grid?.times ?? null,
      },
    })),
    ...families.map(({ label, specs }) => ({
      name: label,
      data: { kind: 'ladder' as const, context, specs, sample: small },
    })),
    { name: 'check', data: { kind: 'ladder', context, specs: [check], sample: small } },
  ])
  const all = second.slice(0, entries.length) as Measured[]
  const runs = networks.map(({ loss }, i): NetworkRuns => {
    const own = Array.from({ length: settings.seeds }, (_, k): SeedRun => {
      const index = i * settings.seeds + k
      return { trained: trained[index], measured: all[solvers.length + index] }
    })
    return { loss, runs: own, median: medianRun(own) }
  })
  const measured = [
    ...all.slice(0, solvers.length),
    ...runs.map(({ median }) => median.measured),
    ...distinct(all.slice(solvers.length + trained.length)),
  ]
  const rungs = second.slice(entries.length) as Rung[][]

  const draw = (label: string) => density.sample?.(settings.samples, Random.stream(seed, label)) ?? null
  const fresh = draw('data')
  const other = draw('other data')
  const baseline =
    measured.find(({ method }) => method === 'gaussian')?.statistics.relativeError ?? Number.NaN
  const results: CompareResults = {
    problem: problem.specification,
    time,
    seed,
    version,
    reference: {
      unseen: unseenBy(problem.density, sample.weights.length, sample.kind),
      how:
        sample.kind === 'importance'
          ? 'importance sampling in data space, carried forward by characteristics'
          : 'plain samples of the noised law, carried back by characteristics',
      rtol: REFERENCE_RTOL,
      trajectories: settings.trajectories,
      functionEvaluations: sample.functionEvaluations,
      checkError: rungs.at(-1)?.[0].error ?? null,
      wasserstein2: fresh && other ? slicedWasserstein(fresh, other, density.dimension) : null,
      ...(options.data && { data: options.data }),
    },
    methods: measured.map((one, i) =>
      methodResult(one, sample, baseline, runs[i - solvers.length]?.runs ?? null),
    ),
  }
  return {
    results,
    problem,
    time,
    data: options.data ?? null,
    sample,
    measured,
    networks: runs,
    grid,
    paths,
    ladders: families.map(({ label, family }, i) => ({ label, family, rungs: rungs[i] })),
    ladderPoints: settings.ladderPoints,
    fresh,
  }
}

/** Folders of the same name in different places, or a network given twice, numbered from the second on. */
function distinct(measured: readonly Measured[]): Measured[] {
  return measured.map((one, i) => {
    const before = measured.slice(0, i).filter(({ method }) => method === one.method).length
    return before === 0 ? one : { ...one, method: `${one.method} (${before + 1})` }
  })
}

/** The end of a process that has one, or of what is known of the data; where noise has no end, 10 times the data scale in VE time. */
function chooseTime(problem: Problem, time: number | undefined): number {
  const { process, density } = problem
  if (time !== undefined) return checkTime(problem, 'time', time, true)
  if (density.maximumTime !== undefined) return processTime(process, density.maximumTime)
  const noEnd = process.infinite || (process.kind === 'custom' && process.maximumTime > 1)
  return noEnd ? Number((10 * density.moments.scale).toPrecision(2)) : process.maximumTime
}
