import {
  type NamedTensorMap,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import type { GaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { initialWeights } from '../../src/nn/networks.ts'
import { type OptimiserState, optimisers } from '../../src/nn/optimisers/index.ts'
import { copyArrays, restoreArrays, weightAverage } from '../../src/nn/optimisers/optimiser.ts'
import { Random } from '../../src/random/random.ts'
import type { Loss, LossContext } from './loss.ts'
import { type MetricChoice, objectiveOf } from './metrics.ts'
import type { TargetChoice } from './settings.ts'
import type { TrainingPoints } from './training-points.ts'

/** The part of a training that lives in tensors. */
export interface LearnerState {
  /** By the names of the network's parameters. */
  readonly weights: Readonly<Record<string, Float32Array>>
  readonly optimiser: OptimiserState
  readonly average: OptimiserState
  /** The moving average that is the target of the loss, where there is one. */
  readonly target?: OptimiserState
}

/** Weights, their optimiser and their average, improved batch by batch. */
interface Learner {
  /** One step on points with their targets; returns the loss before it. `progress` is the share of the training that is done. */
  step(points: TrainingPoints, rate: number, progress: number): number
  /** The averaged weights, in the order of the network's parameters. */
  averagedWeights(): Float32Array[]
  /** The same as tensors, which change with every step and live as long as the learner. */
  readonly averages: readonly Tensor[]
  state(): LearnerState
  restore(state: LearnerState): void
  dispose(): void
}

interface LearnerSettings extends MetricChoice {
  readonly optimiser: string
  readonly target: TargetChoice
  readonly targetDecay: number
}

// a state that no average takes
const NO_STATE: OptimiserState = { name: 'none', scalars: {}, arrays: {} }

/** A learner of a loss with first weights by the seed. */
export function createLearner(
  loss: Loss,
  context: LossContext,
  settings: LearnerSettings,
  seed: number,
): Learner {
  const { network, coordinates } = context
  const variables = initialWeights(network, Random.stream(seed, 'weights'), firstShares(loss, coordinates))
  const named = new Map(network.parameters.map(({ name }, i) => [name, variables[i]]))
  const optimiser = optimisers[settings.optimiser]()(variables)
  const average = weightAverage(variables)
  const target = settings.target === 'ema' ? weightAverage(variables, settings.targetDecay) : null
  const objective = objectiveOf(coordinates, settings, loss.stepSize?.(context))

  function improve(points: TrainingPoints, rate: number, progress: number): Tensor {
    const batch = loss.batch(points, context, target?.values ?? variables, progress)
    const weights = objective.weights(points.weight)
    const { value, grads } = variableGrads(
      () => objective.value(loss.residual(network, variables, batch), weights),
      variables,
    )
    optimiser.step(inOrder(grads, variables), rate)
    constrain()
    average.update()
    target?.update()
    return value
  }

  /** Weights that may not be anything, back in their ranges. */
  function constrain(): void {
    for (const [i, parameter] of network.parameters.entries()) {
      if (!parameter.constrain) continue
      const values = Float32Array.from(variables[i].dataSync())
      if (parameter.constrain(values)) variables[i].assign(tensor(values, variables[i].shape))
    }
  }

  return {
    step(points, rate, progress) {
      const value = tidy(() => improve(points, rate, progress))
      const [number] = value.dataSync()
      value.dispose()
      return number
    },
    averages: average.values,
    averagedWeights: () => average.values.map((value) => Float32Array.from(value.dataSync())),
    state: () => ({
      weights: copyArrays(named),
      optimiser: optimiser.state(),
      average: average.state(),
      target: target?.state(),
    }),
    restore(state) {
      restoreArrays(named, state.weights)
      optimiser.restore(state.optimiser)
      average.restore(state.average)
      target?.restore(state.target ?? NO_STATE)
    },
    dispose() {
      optimiser.dispose()
      average.dispose()
      target?.dispose()
      objective.dispose()
      for (const variable of variables) variable.dispose()
    },
  }
}

// where it was measured that it pays (docs/losses.md, high dimension)
const SHARED_DIMENSIONS = { least: 8, most: 64 }

/**
 * How much the units of the first layer look at each coordinate at first: in proportion to its variance λ_j, with a mean square of 1
 * (docs/mathematics.md §7.3), for `pinn` in 8 to 64 dimensions, else alike. All coordinates of y have unit variance; modes lie apart along the wide ones, as a rule.
 */
function firstShares(
  { name }: Loss,
  { deviations, dimension }: GaussianCoordinates,
): Float64Array | undefined {
  const { least, most } = SHARED_DIMENSIONS
  if (name !== 'pinn' || dimension < least || dimension > most) return undefined
  const variances = deviations.map((deviation) => deviation ** 2)
  const size = Math.sqrt(variances.reduce((sum, variance) => sum + variance ** 2, 0) / dimension)
  return variances.map((variance) => variance / size)
}

function inOrder(gradients: NamedTensorMap, variables: readonly Variable[]): Tensor[] {
  return variables.map(({ name }) => gradients[name] as Tensor)
}

const WARM_UP = 200

/**
 * The learning rate of a step: a linear warm-up of 200 steps (a tenth of a short training), then a cosine to 0
 * (docs/mathematics.md §7).
 *
 * @param step 0, 1, …, total − 1
 */
export function learningRate(largest: number, step: number, total: number): number {
  const warmUp = Math.min(1, (step + 1) / Math.min(WARM_UP, Math.max(1, total / 10)))
  return (largest * warmUp * (1 + Math.cos((Math.PI * step) / total))) / 2
}
