import { mul, type Scalar, type Tensor, tensor2d, tidy, variableGrads } from '@tensorflow/tfjs-core'
import { type Backend, type BackendName, useBackend } from '../../../src/backend/index.ts'
import { ComputationError, checkInteger, checkNumber, InputError } from '../../../src/errors.ts'
import { gaussianCoordinates } from '../../../src/nn/gaussian-coordinates.ts'
import { createNetwork, initialWeights, networkInputs } from '../../../src/nn/networks.ts'
import { optimisers } from '../../../src/nn/optimisers/index.ts'
import { weightAverage } from '../../../src/nn/optimisers/optimiser.ts'
import type { Problem } from '../../../src/problem/problem.ts'
import { checkTime, veTime } from '../../../src/problem/process.ts'
import type { Progress } from '../../../src/progress.ts'
import { Random } from '../../../src/random/random.ts'
import { learningRate } from '../learner.ts'
import { losses } from '../losses/index.ts'
import { type CurvePoint, LossCurve } from '../monitor.ts'
import { freshPoints } from '../points/index.ts'
import { column, type TrainingPoints } from '../training-points.ts'
import { flowVelocity } from '../velocity.ts'
import type { StochasticFlow } from './flow.ts'
import { type GaussianShape, gaussianShapes, likelihood, outputCount } from './likelihood.ts'
import { gains, networkFlow } from './network-flow.ts'

export interface StochasticFlowOptions {
  /** The largest time T of the problem's own process. */
  readonly time: number
  /** G triangular, or diagonal in the eigenbasis of the covariance of the data. Default cholesky. */
  readonly shape?: GaussianShape
  /** Default 8000. */
  readonly steps?: number
  /** Pairs (X₀, X_t) a step. Default 1024. */
  readonly batch?: number
  /** Units a layer of the tanh network. Default 64. */
  readonly width?: number
  /** Hidden layers. Default 3. */
  readonly layers?: number
  /** The largest learning rate. Default 3e-3. */
  readonly rate?: number
  /** Default soap. */
  readonly optimiser?: string
  /** Default 0. */
  readonly seed?: number
  /** Default auto. */
  readonly backend?: BackendName | 'auto'
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

export interface TrainedStochasticFlow {
  readonly flow: StochasticFlow
  readonly shape: GaussianShape
  readonly steps: number
  /** The mean negative log-likelihood of the last steps, of e in the units of the network, without (d/2) log 2π. */
  readonly finalLoss: number
  readonly curve: readonly CurvePoint[]
  readonly seconds: number
  readonly backend: Backend
}

// the reporting interval, in which other work has a turn too
const REPORT_MILLISECONDS = 50

/**
 * Trains F and G of the stochastic flow f(t, x, ξ) = F + G ξ by the Gaussian negative log-likelihood of X₀ given X_t
 * (docs/mathematics.md §6), on fresh pairs X_t = X₀ + t Z at angles uniform in [0, θ_T]. No score is used. Fixed point: F = D(t, x) and, with a
 * triangle, G Gᵀ = Cov(X₀|X_t = x); with a diagonal its diagonal. The same seed and backend give the same bytes.
 *
 * @throws InputError for an option out of range or data that cannot be sampled; ComputationError when the loss is no longer finite; the
 *   reason of the signal when aborted
 * @example const { flow } = await trainStochasticFlow(problem, { time: 10, steps: 8000 })
 */
export async function trainStochasticFlow(
  problem: Problem,
  options: StochasticFlowOptions,
): Promise<TrainedStochasticFlow> {
  const { density, dimension: d } = problem
  const { shape = 'cholesky', optimiser: kind = 'soap', onProgress, signal } = options
  if (!gaussianShapes.includes(shape)) throw new InputError('shape', shape, gaussianShapes.join(' or '))
  if (!Object.hasOwn(optimisers, kind))
    throw new InputError('optimiser', kind, `one of ${Object.keys(optimisers).join(', ')}`)
  if (!density.sample) throw new InputError('the data', density.kind, 'data that can be sampled')
  const time = veTime(problem.process, checkTime(problem, 'time', options.time, true))
  const steps = checkInteger('steps', options.steps ?? 8000, 1)
  const batch = checkInteger('batch', options.batch ?? 1024, 1, 2 ** 20)
  const width = checkInteger('width', options.width ?? 64, 1, 2 ** 14)
  const layers = checkInteger('layers', options.layers ?? 3, 1, 64)
  const rate = checkNumber('rate', options.rate ?? 3e-3, 0, 1, true)
  const seed = checkInteger('seed', options.seed ?? 0, -(2 ** 31), 2 ** 31 - 1)
  const backend = await useBackend(options.backend ?? 'auto')

  const coordinates = gaussianCoordinates(density.moments)
  const outputs = outputCount(shape, d)
  const network = createNetwork({ kind: 'mlp', dimension: d, outputs, width, layers })
  const context = {
    ...{ coordinates, network, velocity: flowVelocity(density, coordinates) },
    ...{ largestAngle: coordinates.angle(time), interval: coordinates.angle(time) },
  }
  const points = freshPoints(density, losses.score(), context, {
    batch,
    largestAngle: context.largestAngle,
    random: Random.stream(seed, 'batches'),
  })
  const variables = initialWeights(network, Random.stream(seed, 'weights'))
  const optimiser = optimisers[kind]()(variables)
  const average = weightAverage(variables)
  const { value, dispose } = likelihood(shape, d)
  const curve = new LossCurve(steps)

  function step(of: TrainingPoints, now: number): Tensor {
    const inputs = networkInputs(of.theta, of.y)
    const factors = tensor2d(gainsOf(of.theta, outputs, d), [batch, outputs])
    const target = tensor2d(Float32Array.from(column(of, 'target')), [batch, d])
    const result = variableGrads(
      () => value(mul(network.forward(variables, inputs), factors), target) as Scalar,
      variables,
    )
    optimiser.step(
      variables.map(({ name }) => result.grads[name] as Tensor),
      now,
    )
    average.update()
    return result.value
  }

  const started = performance.now()
  let lastReport = started
  try {
    for (let done = 0; done < steps; done++) {
      const loss = tidy(() => step(points.next(done / steps), learningRate(rate, done, steps)))
      const [number] = loss.dataSync()
      loss.dispose()
      if (!Number.isFinite(number))
        throw new ComputationError(
          `The loss is no longer finite at step ${done + 1} (seed ${seed}). Try a smaller rate or another seed.`,
        )
      curve.add(done + 1, number)
      if (performance.now() - lastReport < REPORT_MILLISECONDS) continue
      onProgress?.({ done: done + 1, total: steps, label: `loss ${curve.last.toFixed(3)}` })
      await new Promise((resolve) => setTimeout(resolve))
      signal?.throwIfAborted()
      lastReport = performance.now()
    }
    const weights = average.values.map((values) => Float32Array.from(values.dataSync()))
    return {
      flow: networkFlow(network.architecture, weights, density.moments),
      shape,
      steps,
      finalLoss: curve.points.at(-1)?.loss ?? curve.last,
      curve: curve.points,
      seconds: (performance.now() - started) / 1000,
      backend,
    }
  } finally {
    optimiser.dispose()
    average.dispose()
    dispose()
    for (const variable of variables) variable.dispose()
  }
}

/** What every output is multiplied by, [n, outputs]: d columns of the mean and the rest. */
function gainsOf(theta: Float64Array, outputs: number, d: number): Float32Array {
  const out = new Float32Array(theta.length * outputs)
  for (let row = 0; row < theta.length; row++) {
    const { mean, spread } = gains(theta[row])
    for (let k = 0; k < outputs; k++) out[row * outputs + k] = k < d ? mean : spread
  }
  return out
}
