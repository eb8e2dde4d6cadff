import { createProblem } from '../../src/create/create-problem.ts'
import { Random } from '../../src/random/random.ts'
import { version } from '../../src/version.ts'
import type { ExperimentRun } from '../experiment.ts'
import { inWorkers, type RunTask } from '../in-workers.ts'
import { type MetricBias, MINOR_MASS, metricBias } from './bias.ts'
import { type ContinuousTraining, continuousTraining } from './continuous.ts'
import type { MetricSettings } from './settings.ts'
import { METRICS, type Tasks, TIME, type TrainedMass, twoModes } from './tasks.ts'

/** What `metric` writes to results.json. */
export interface MetricResults {
  readonly time: number
  readonly seed: number
  readonly version: string
  readonly minorMass: number
  readonly training: MetricSettings['training']
  readonly biases: readonly MetricBias[]
  readonly trained: readonly TrainedMass[]
  readonly continuous: ContinuousTraining
}

const TASKS = new URL('./tasks.ts', import.meta.url)

type MetricOptions = ExperimentRun<MetricSettings>

/**
 * What does consistency training converge to when its residual is not squared, how does that depend on the dimension, and what does
 * continuous time change (docs/mathematics.md §4.3, §4.4)? The bias of one regression by quadrature, networks trained
 * over seeds and dimensions, and the variance of continuous-time targets.
 */
export async function metricStudy(options: MetricOptions): Promise<MetricResults> {
  const { seed, settings } = options
  const { training, samples } = settings
  const wanted = settings.trained.flatMap((dimension) =>
    METRICS.flatMap((metric) =>
      Array.from({ length: settings.seeds }, (_, k) => ({ dimension, metric, seed: seed + k })),
    ),
  )
  const trained = await inWorkers(TASKS, options, (run: RunTask<Tasks>) =>
    Promise.all(
      wanted.map(({ dimension, metric, seed: own }) =>
        run(`ct ${metric}, d = ${dimension}, seed ${own}`, {
          ...{ kind: 'train', dimension, metric, seed: own, training, samples },
        }),
      ),
    ),
  )
  const line = createProblem(twoModes(1)).density
  return {
    ...{ time: TIME, seed, version, minorMass: MINOR_MASS, training },
    biases: metricBias(settings.dimensions),
    trained,
    continuous: continuousTraining(line, TIME, Random.stream(seed, 'continuous time')),
  }
}
