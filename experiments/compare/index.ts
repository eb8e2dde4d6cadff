import { characteristicsAt, createMethod, type MethodSpec } from '../../solvers/method-specification.ts'
import { withFolderLock } from '../../src/io/folder-lock.ts'
import type { CarriedSample } from '../../src/metrics/carried-sample.ts'
import { SAMPLE_LABEL } from '../../src/metrics/measure-error.ts'
import { unseenBy } from '../../src/metrics/unseen.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { checkTime, processTime, veTime } from '../../src/problem/process.ts'
import type { Progress } from '../../src/progress.ts'
import { Random } from '../../src/random/random.ts'
import type { CompareResults } from '../../src/report/results.ts'
import { solve } from '../../src/solve.ts'
import type { Paths } from '../../src/studies/figures.ts'
import { version } from '../../src/version.ts'
import { inWorkers, type RunTask } from '../in-workers.ts'
import type { DataDescription } from './data-problem.ts'
import { ladders, methodLabel, type NetworkEntry, networkEntries, solverEntries } from './entries.ts'
import { errorMapPoints, type MapGrid } from './map-grid.ts'
import { medianRun, methodResult, type SeedRun } from './results.ts'
import type { CompareSettings } from './settings.ts'
import type { MapTruth, Measured, Tasks, WorkPoint } from './tasks.ts'

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
  readonly ladders: readonly WorkLadder[]
  readonly ladderPoints: number
  /** Fresh data, as many points as one-step samples. */
  readonly fresh: Float64Array | null
}

/** The same method with more and more work. */
interface WorkLadder {
  readonly label: string
  /** What the names of its methods begin with */
  readonly family: string
  readonly points: readonly WorkPoint[]
}

/** All seeds of one loss. */
interface NetworkRuns {
  readonly loss: string
  readonly runs: readonly SeedRun[]
  /** That with the median error, which stands for all. */
  readonly median: SeedRun
}

const TASKS = new URL('./tasks.ts', import.meta.url)
const REFERENCE_RTOL = 1e-10

/**
 * How far each consistency function of a problem is from the true one: trains the networks, measures all methods on the
 * same carried trajectories (docs/mathematics.md §5), and draws error-against-work ladders. Runs in worker threads; the
 * results do not depend on how many.
 *
 * @throws InputError for a time outside the process, a model that does not fit the problem, or a folder that another comparison
 *   writes to
 */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { problem, seed, settings } = options
  const { density, process } = problem
  const time = chooseTime(problem, options.time)
  const given: MethodSpec[] = []
  for (const path of options.models ?? []) {
    const { readAnyModel } = await import('../../solvers/neural/foreign/index.ts')
    given.push({ kind: 'model', path, loaded: await readAnyModel(path) })
  }
  // what does not fit is better known before the trainings
  for (const spec of given) await solve(problem, await createMethod(spec), { time })
  const context = { specification: problem.specification, time, seed }
  const networks = networkEntries(density, settings)
  const points = errorMapPoints(density, veTime(process, time), settings.mapNodes, settings.mapTimes)
  const solvers = solverEntries(density, settings)
  const workLadders = ladders(density, settings)

  const work = async (run: RunTask<Tasks>) => {
    const drawSample = (label: string, count: number, intervals: number) =>
      run(label, { kind: 'sample', context, label, count, intervals, rtol: REFERENCE_RTOL })
    const trainSeed = ({ loss, ...network }: NetworkEntry, own: number) =>
      run(`training ${loss}, seed ${own}`, {
        kind: 'train',
        context: { ...context, seed: own },
        network: { loss, ...network },
        settings: settings.networks,
        folder: options.folder && `${options.folder}/${loss}-${own}`,
      })
    const seeds = Array.from({ length: settings.seeds }, (_, k) => seed + k)
    const [trained, sample, small, paths, truths] = await Promise.all([
      Promise.all(networks.map((network) => Promise.all(seeds.map((own) => trainSeed(network, own))))),
      drawSample(SAMPLE_LABEL, settings.trajectories, settings.intervals),
      drawSample('ladder', settings.ladderPoints, 2),
      run('paths', { kind: 'paths', context, count: 60, intervals: 64 }),
      points && run('truth', { kind: 'truth', context, maps: points.times }),
    ])
    const grid: MapGrid<MapTruth> | null = points &&
      truths && { ...points, times: points.times.map((at, k) => ({ ...at, truth: truths[k] })) }

    const measure = async (spec: MethodSpec, trainingSeconds = 0) =>
      run(`measuring ${await methodLabel(spec)}`, {
        ...{ kind: 'measure', context, spec, trainingSeconds, sample },
        ...{ samples: settings.samples, maps: grid?.times ?? null },
      })
    const workPrecision = (label: string, specs: readonly MethodSpec[]) =>
      run(label, { kind: 'ladder', context, specs, sample: small })
    const [ofSolvers, runs, ofGiven, workPoints, check] = await Promise.all([
      Promise.all(solvers.map((spec) => measure(spec))),
      Promise.all(
        networks.map(async ({ loss }, i): Promise<NetworkRuns> => {
          const own = await Promise.all(
            trained[i].map(async (one): Promise<SeedRun> => {
              const spec: MethodSpec = { kind: 'model', loaded: { model: one.model } }
              return { trained: one, measured: await measure(spec, one.seconds) }
            }),
          )
          return { loss, runs: own, median: medianRun(own) }
        }),
      ),
      Promise.all(given.map((spec) => measure(spec))),
      Promise.all(workLadders.map(({ label, specs }) => workPrecision(label, specs))),
      workPrecision('check', [characteristicsAt(REFERENCE_RTOL / 100)]),
    ])
    return { sample, paths, grid, ofSolvers, runs, ofGiven, workPoints, checkError: check[0].error }
  }
  const done = await withFolderLock(options.folder, () => inWorkers(TASKS, options, work))
  const { sample, paths, grid, runs, workPoints, checkError } = done
  const medians = runs.map(({ median }) => median.measured)
  const measured = [...done.ofSolvers, ...medians, ...distinct(done.ofGiven)]

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
      checkError,
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
    ladders: workLadders.map(({ label, family }, i) => ({ label, family, points: workPoints[i] })),
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
export function chooseTime(problem: Problem, time: number | undefined): number {
  const { process, density } = problem
  if (time !== undefined) return checkTime(problem, 'time', time, true)
  if (density.maximumTime !== undefined) return processTime(process, density.maximumTime)
  const noEnd = process.infinite || (process.kind === 'custom' && process.maximumTime > 1)
  return noEnd ? Number((10 * density.moments.scale).toPrecision(2)) : process.maximumTime
}
