import {
  exactStochasticFlow,
  type GaussianShape,
  type StochasticFlow,
  stochasticSampler,
  trainStochasticFlow,
} from '../../solvers/neural/stochastic-flow/index.ts'
import { sampler } from '../../solvers/sampling/index.ts'
import { sde } from '../../solvers/sde/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact, exactMap } from '../../src/exact/exact.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import { type Points, rowMajor } from '../../src/points/points.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import type { ProblemRecord } from '../../src/specification/problem.ts'
import { cpuSeconds } from '../../src/studies/measure.ts'
import { version } from '../../src/version.ts'
import type { ExperimentRun } from '../experiment.ts'
import { type FitRow, fitAt } from './fit.ts'
import { DEFAULT_TIME, defaultProblem, type StochasticFlowSettings } from './settings.ts'

/** A trained stochastic flow beside the closed form. */
interface TrainedRow {
  readonly shape: GaussianShape
  readonly steps: number
  readonly batch: number
  readonly finalLoss: number
  readonly cpuSeconds: number
  readonly byTime: readonly FitRow[]
  readonly worstMeanError: number
  readonly worstCovarianceError: number
}

/** The law of one sampler with K steps. */
interface SamplingRow {
  readonly sampler: string
  readonly steps: number
  /** Evaluations of the score, or of F and G, for one point. */
  readonly evaluations: number
  /** Sliced W₂ of its sample to one of the data. */
  readonly wasserstein2: number
}

/** What `stochastic-flow` writes to results.json. */
export interface StochasticFlowResults {
  readonly problem: ProblemRecord
  readonly time: number
  readonly seed: number
  readonly version: string
  readonly scale: number
  readonly samples: number
  readonly trained: readonly TrainedRow[]
  readonly sampling: readonly SamplingRow[]
  /** W₂ of two samples of the data: what no sampler can be seen to be better than; mean and largest of some. */
  readonly floor: { readonly mean: number; readonly largest: number }
  /** W₂ of the true map f(T, X_T). */
  readonly map: number
}

interface StochasticFlowRun extends Omit<ExperimentRun<StochasticFlowSettings>, 'threads'> {
  /** VE data of Gaussians; default `defaultProblem`. */
  readonly problem?: Problem
  readonly time?: number
}

const FLOORS = 4

/**
 * The stochastic flow f(t, x, ξ) = F + G ξ (docs/mathematics.md §6): trained by the Gaussian negative log-likelihood and in closed form, and the law of
 * its K-step composition beside those of the reverse SDE, the probability-flow ODE and the true map.
 */
export async function stochasticFlow(run: StochasticFlowRun): Promise<StochasticFlowResults> {
  const { seed, settings, onProgress, signal } = run
  const problem = run.problem ?? createProblem(defaultProblem)
  const time = run.time ?? Math.min(DEFAULT_TIME, problem.process.maximumTime)
  const { density, process } = problem
  const truth = exactStochasticFlow(density)
  const { scale } = density.moments
  const largest = veTime(process, time)

  const flows: Record<string, StochasticFlow> = { 'closed-form F, G': truth }
  const trained: TrainedRow[] = []
  for (const shape of ['cholesky', 'diagonal'] as const) {
    const before = cpuSeconds()
    const { flow, finalLoss, steps } = await trainStochasticFlow(problem, {
      ...{ time, seed, shape, ...settings.training },
      signal,
      onProgress: ({ done, total, label }) => onProgress?.({ done, total, label: `${shape}, ${label}` }),
    })
    const used = cpuSeconds() - before
    const random = Random.stream(seed, 'points of the comparison')
    const byTime = settings.times
      .map((part) => part * scale)
      .filter((t) => t <= largest)
      .map((t) => fitAt(density, flow, truth, shape, t, settings.points, random))
    flows[`trained, ${shape} G`] = flow
    trained.push({
      ...{
        shape,
        steps,
        batch: settings.training.batch,
        finalLoss,
        cpuSeconds: used,
        byTime,
      },
      worstMeanError: Math.max(...byTime.map(({ meanError }) => meanError)),
      worstCovarianceError: Math.max(...byTime.map(({ covarianceError }) => covarianceError)),
    })
  }

  const { samples } = settings
  const data = (label: string) => rowMajor(sampleNoised(problem, 0, samples, Random.stream(seed, label)))
  const reference = data('the data')
  const distance = (X: Points | Float64Array) =>
    slicedWasserstein(X instanceof Float64Array ? X : rowMajor(X), reference, problem.dimension)
  const start = sampleNoised(problem, time, samples, Random.stream(seed, 'where sampling starts'))
  const apply = async (method: Method) => {
    const f = await solve(problem, method, { time, seed })
    const X = f.evaluate(time, start)
    return { X, evaluations: f.info.functionEvaluations / samples }
  }
  const sampling: SamplingRow[] = []
  for (const [done, steps] of settings.steps.entries()) {
    signal?.throwIfAborted()
    onProgress?.({ done, total: settings.steps.length, label: `samples in ${steps} steps` })
    await new Promise((resolve) => setTimeout(resolve))
    const sigmaMin = scale * Math.tan(Math.atan2(largest, scale) / steps)
    const methods: Record<string, Method> = {
      ...Object.fromEntries(
        Object.entries(flows).map(([name, flow]) => [name, stochasticSampler(() => flow, { steps })]),
      ),
      'G = 0 (ancestral)': sampler({ solver: 'ancestral', steps, schedule: 'cosine', sigmaMin }),
      'ODE, Euler': sampler({ solver: 'euler', steps }),
      'ODE, DPM-Solver++ 2M': sampler({ solver: 'dpm-2m', steps }),
    }
    for (const [name, method] of Object.entries(methods)) {
      const { X, evaluations } = await apply(method)
      sampling.push({ sampler: name, steps, evaluations, wasserstein2: distance(X) })
    }
    const X = sde.reverse(problem, { time, steps, start, seed, scheme: 'euler-maruyama' })
    sampling.push({ sampler: 'reverse SDE', steps, evaluations: steps, wasserstein2: distance(X) })
  }
  const floors = Array.from({ length: FLOORS }, (_, k) => distance(data(`the data, sample ${k}`)))
  const { X } = await apply(exactMap(density) ? exact() : rungeKutta({ rtol: 1e-8, atol: 1e-10 }))
  return {
    problem: problem.specification,
    ...{ time, seed, version, scale, samples, trained, sampling },
    floor: { mean: floors.reduce((a, b) => a + b, 0) / FLOORS, largest: Math.max(...floors) },
    map: distance(X),
  }
}
