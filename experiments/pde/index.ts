import { characteristicsAt, createMethod, type MethodSpec } from '../../solvers/method-specification.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { points } from '../../src/points/points.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { solve } from '../../src/solve.ts'
import { drawTruth, fastest, type Truth } from '../../src/studies/measure.ts'
import { version } from '../../src/version.ts'
import type { ExperimentRun } from '../experiment.ts'
import { rotatedProduct } from '../high-dimensional/rotated-product.ts'
import { type Crossing, crossings } from './crossings.ts'
import type { PdeRow } from './row.ts'
import type { PdeProblem, PdeSettings } from './settings.ts'

export interface PdeStudy {
  readonly name: string
  readonly dimension: number
  readonly time: number
  readonly rows: readonly PdeRow[]
  /** From how many points on each trained or tabulated method is cheaper than characteristics of its error. */
  readonly crossingsBySeconds: readonly Crossing[]
  /** The relative error of the map of the Gaussian with the same moments. */
  readonly gaussian: number
}

/** What `pde` writes to results.json. */
export interface PdeResults {
  readonly seed: number
  readonly version: string
  readonly trajectories: number
  readonly studies: readonly PdeStudy[]
}

type PdeRun = Omit<ExperimentRun<PdeSettings>, 'threads'>

/**
 * Solve (6)? Grids, characteristics and networks on the same problems of growing dimension: error against evaluations and CPU time, taken
 * apart into what is spent before the first point and what every point costs.
 */
export async function pdeStudy({ seed, settings, onProgress, signal }: PdeRun): Promise<PdeResults> {
  const total = settings.problems.reduce((sum, one) => sum + methods(one).length, 0)
  let done = 0
  const studies: PdeStudy[] = []
  for (const one of settings.problems) {
    const problem =
      typeof one.problem === 'number' ? rotatedProduct(one.problem, seed) : createProblem(one.problem)
    const truth = drawTruth(problem, one.time, settings.trajectories, seed)
    const rows: PdeRow[] = []
    for (const { family, size, spec, warmUp } of methods(one)) {
      signal?.throwIfAborted()
      onProgress?.({ done: done++, total, label: `${one.name}, ${family}` })
      await new Promise((resolve) => setTimeout(resolve))
      if (warmUp) await measure(problem, warmUp, truth, one.time, { seed, settings, signal })
      rows.push({
        family,
        size,
        ...(await measure(problem, spec, truth, one.time, { seed, settings, signal })),
      })
    }
    const base = await measure(problem, { kind: 'gaussian' }, truth, one.time, { seed, settings, signal })
    studies.push({
      ...{ name: one.name, dimension: problem.dimension, time: one.time, rows },
      ...{ crossingsBySeconds: crossings(rows), gaussian: base.relativeError },
    })
  }
  return { seed, version, trajectories: settings.trajectories, studies }
}

/** Training steps of the first run of a kind of network, which is not measured. */
const WARM_UP = 10

interface Candidate {
  readonly family: string
  readonly size: number
  readonly spec: MethodSpec
  /** What is run once before the first of its family, so that loading and compiling is nobody's cost. */
  readonly warmUp?: MethodSpec
}

function methods(one: PdeProblem): Candidate[] {
  const ladder = (
    family: string,
    sizes: readonly number[] | undefined,
    make: (size: number) => MethodSpec,
    first = sizes?.[0],
  ): Candidate[] =>
    (sizes ?? []).map((size, i) => ({
      ...{ family, size, spec: make(size) },
      ...(i === 0 && first !== undefined && { warmUp: make(first) }),
    }))
  const trained =
    (loss: 'pinn' | 'cd') =>
    (steps: number): MethodSpec => ({ kind: 'train', loss, steps, width: one.width })
  return [
    ...ladder('characteristics', one.characteristics, (rtol) => characteristicsAt(rtol)),
    ...ladder('DPM-Solver++ 3M', one.sampler, (steps) => ({ kind: 'sampler', solver: 'dpm-3m', steps })),
    ...ladder('forward-map grid', one.forwardMap, (nodes) => ({ kind: 'grid', nodes })),
    ...ladder('WENO5 grid', one.weno5, (nodes) => ({ kind: 'grid', scheme: 'weno5', nodes })),
    ...ladder('pinn', one.pinn, trained('pinn'), WARM_UP),
    ...ladder('cd', one.cd, trained('cd'), WARM_UP),
  ]
}

async function measure(
  problem: Problem,
  spec: MethodSpec,
  truth: Truth,
  time: number,
  run: { seed: number; settings: PdeSettings; signal: AbortSignal | undefined },
): Promise<Omit<PdeRow, 'family' | 'size'>> {
  const count = truth.weights.length
  const method = await createMethod(spec)
  const enough = run.settings.milliseconds / 1000
  // a training takes its time, and steps a thousand times; the others once more, for the machine was busy with something else
  const times = spec.kind === 'train' ? 1 : 2
  const build = () =>
    solve(problem, method, { time, seed: run.seed, ...(run.signal && { signal: run.signal }) })
  const { value: f, seconds: buildSeconds } = await fastest(build, times, enough)
  const buildEvaluations = f.info.functionEvaluations
  const X = points(truth.x, problem.dimension)
  // the first call warms up
  const values = f.ve.evaluate(truth.time, truth.x)
  const pointEvaluations = (f.info.functionEvaluations - buildEvaluations) / count
  const { seconds } = await fastest(async () => f.evaluate(time, X), 2, enough)
  const pointMicroseconds = (1e6 * seconds) / count
  const { relativeError, standardError, medianError } = errorStatistics(
    truth.f,
    values,
    truth.weights,
    problem.density.moments.trace,
  )
  return {
    ...{ relativeError, standardError, medianError },
    ...{ buildEvaluations, pointEvaluations, buildSeconds, pointMicroseconds },
  }
}
