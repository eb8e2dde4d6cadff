import type { Model } from '../../solvers/neural/index.ts'
import { InputError } from '../../src/errors.ts'
import { hasProposal } from '../../src/metrics/importance-sampling.ts'
import type { Problem } from '../../src/problem/problem.ts'
import type { Progress } from '../../src/progress.ts'
import { version } from '../../src/version.ts'
import { inWorkers, type RunTask } from '../in-workers.ts'
import type { Repetition, Tasks } from './tasks.ts'

const TASKS = new URL('./tasks.ts', import.meta.url)

interface CertificateStudyOptions {
  readonly problem: Problem
  readonly model: Model
  readonly time: number
  readonly seed: number
  readonly threads: number
  readonly repetitions: number
  /** Trajectories of each repetition. */
  readonly samples: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** An estimate over repetitions. */
export interface Scatter {
  readonly mean: number
  readonly smallest: number
  readonly largest: number
  /** Standard deviation over the repetitions, relative to the mean. */
  readonly scatter: number
}

/** How much the estimates of one way to sample can be trusted. */
export interface EstimatorStudy {
  readonly relativeError: Scatter
  readonly certificate: Scatter
  /** Certificate over error, of the means. */
  readonly ratio: number
  /** Repetitions whose certificate is below the error of the same points: by Minkowski's inequality none should be. */
  readonly belowOwnError: number
  /** Repetitions whose certificate is below the error that importance sampling finds, the mean of all its repetitions. */
  readonly belowTrueError: number
  readonly worstShare: number
  readonly effectiveSampleSize: number
  readonly repetitions: readonly Repetition[]
}

export interface CertificateStudy {
  readonly loss: string
  readonly time: number
  readonly seed: number
  readonly version: string
  readonly samples: number
  readonly importance: EstimatorStudy
  readonly plain: EstimatorStudy
}

/**
 * Repeats the estimates of error and certificate of a trained model with fresh samples, by importance sampling in data space and by
 * plain sampling of p_T (docs/mathematics.md §5.4, §5.5). Runs in worker threads; the results do not depend on how many.
 *
 * @throws InputError for data without a density to weigh samples with
 */
export async function certificateStudy(options: CertificateStudyOptions): Promise<CertificateStudy> {
  const { problem, model, time, seed, samples } = options
  if (!hasProposal(problem.density))
    throw new InputError('the data', problem.density.kind, 'data with a density that can be sampled')
  const { specification } = problem
  const { importance, plain } = await inWorkers(TASKS, options, async (run: RunTask<Tasks>) => {
    const repeat = (plain: boolean) =>
      Promise.all(
        Array.from({ length: options.repetitions }, (_, repetition) =>
          run(`${plain ? 'plain' : 'importance'} sampling ${repetition}`, {
            ...{ kind: 'repeat', specification, model, time, seed, repetition, samples, plain },
          }),
        ),
      )
    const [importance, plain] = await Promise.all([repeat(false), repeat(true)])
    return { importance, plain }
  })
  const truth = mean(importance.map(({ relativeError }) => relativeError))
  return {
    loss: model.description.loss,
    time,
    seed,
    version,
    samples,
    importance: study(importance, truth),
    plain: study(plain, truth),
  }
}

function study(repetitions: readonly Repetition[], truth: number): EstimatorStudy {
  const relativeError = scatterOf(repetitions.map((one) => one.relativeError))
  const certificate = scatterOf(repetitions.map((one) => one.certificate))
  return {
    relativeError,
    certificate,
    ratio: certificate.mean / relativeError.mean,
    belowOwnError: repetitions.filter((one) => one.certificate < one.relativeError).length,
    belowTrueError: repetitions.filter((one) => one.certificate < truth).length,
    worstShare: mean(repetitions.map(({ worstShare }) => worstShare)),
    effectiveSampleSize: mean(repetitions.map(({ effectiveSampleSize }) => effectiveSampleSize)),
    repetitions,
  }
}

function scatterOf(values: readonly number[]): Scatter {
  const centre = mean(values)
  const square = values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  return {
    mean: centre,
    smallest: Math.min(...values),
    largest: Math.max(...values),
    scatter: Math.sqrt(square / Math.max(1, values.length - 1)) / centre,
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
