import { modelMap, trainModel } from '../../solvers/neural/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import type { Progress } from '../../src/progress.ts'
import { Random } from '../../src/random/random.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'
import { taskWorker } from '../in-workers.ts'
import { MINOR_MASS } from './bias.ts'
import type { MetricSettings } from './settings.ts'

/** The largest time, about ten data scales in 1-D. */
export const TIME = 10
export const METRICS = ['l2', 'l1', 'adaptive'] as const

/** What each kind of task takes and gives. */
export interface Tasks {
  train: { task: MassTraining; result: TrainedMass }
}

/** A training as plain data, so that a worker thread can do it. */
interface MassTraining {
  readonly dimension: number
  readonly metric: (typeof METRICS)[number]
  readonly seed: number
  readonly training: MetricSettings['training']
  readonly samples: number
}

export interface TrainedMass extends Omit<MassTraining, 'training' | 'samples'> {
  /** The share of one-step samples in the minor mode, and one standard error. */
  readonly minorMass: number
  readonly standardError: number
  readonly seconds: number
}

/** Two round modes, 0.7 and 0.3, a distance of 2 apart along the first axis, with deviation 0.25. */
export function twoModes(dimension: number): ProblemSpec {
  const axis = (place: number) => Array.from({ length: dimension }, (_, i) => (i === 0 ? place : 0))
  return {
    process: { kind: 've' },
    data: {
      kind: 'mixture',
      weights: [1 - MINOR_MASS, MINOR_MASS],
      means: [axis(-0.6), axis(1.4)],
      stds: [0.25, 0.25],
    },
  }
}

/** Trains consistency training with one metric, and counts its samples in the minor mode. */
async function trainedMass(
  { dimension, metric, seed, training, samples }: MassTraining,
  onProgress: (progress: Progress) => void,
): Promise<TrainedMass> {
  const problem = createProblem(twoModes(dimension))
  const { model, seconds } = await trainModel(problem, {
    ...{ loss: 'ct', metric, time: TIME, seed, width: 64, layers: 4 },
    ...training,
    onProgress,
  })
  const random = Random.stream(seed, 'noise of one-step samples')
  const start = problem.density.sample?.(samples, random) ?? new Float64Array(samples * dimension)
  const noised = start.map((value) => value + TIME * random.normal())
  const values = (await modelMap(model)).evaluate(TIME, noised)
  let minor = 0
  // halfway between the modes
  for (let i = 0; i < samples; i++) if (values[i * dimension] > 0.4) minor++
  const minorMass = minor / samples
  const standardError = Math.sqrt((minorMass * (1 - minorMass)) / samples)
  return { dimension, metric, seed, minorMass, standardError, seconds }
}

export default taskWorker(trainedMass)
