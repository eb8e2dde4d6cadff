import { type Backend, useBackend } from '../../src/backend/index.ts'
import type { VeRun } from '../../src/consistency-function.ts'
import { ComputationError } from '../../src/errors.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import type { Architecture } from '../../src/nn/architecture.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { createNetwork, type Network, weightCount } from '../../src/nn/networks.ts'
import { componentsOf, inPrincipalAxes } from '../../src/problem/densities/structure.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import type { TrainingState } from './checkpoint.ts'
import { createLearner, learningRate } from './learner.ts'
import type { Loss, LossContext } from './loss.ts'
import { losses } from './losses/index.ts'
import { type CurvePoint, createMonitor, LossCurve, type MonitorCurve } from './monitor.ts'
import { neuralMap } from './neural-map.ts'
import { pointSource } from './points/index.ts'
import type { TrainingSettings } from './settings.ts'
import { flowVelocity } from './velocity.ts'

export interface TrainedNetwork {
  readonly network: Network
  /** The averaged weights, in the order of the network's parameters. */
  readonly weights: readonly Float32Array[]
  readonly curve: readonly CurvePoint[]
  /** The true error and the residual by time in the course of training; null where it was not measured. */
  readonly monitor: MonitorCurve | null
  /** The mean loss of the last steps. */
  readonly finalLoss: number
  /** Evaluations of the score at one point; what an interruption made be done twice counts once. */
  readonly evaluations: number
  /** Seconds of training, those before an interruption included. */
  readonly seconds: number
  readonly backend: Backend
}

interface TrainingRun extends VeRun {
  /** The density whose score gives the velocity, where that is not the one that points are drawn from. */
  readonly teacher?: Density
  /** Goes on from here. */
  readonly state?: TrainingState
  /** Whether the error is measured in the course of training, which changes nothing else; default true. */
  readonly monitor?: boolean
  /** Called after every `every` steps, when aborted and at the end. */
  readonly checkpoint?: { readonly every: number; save(state: TrainingState): Promise<void> }
}

// the weights, their gradient, their average and the two moments of an optimiser, in float32
const COPIES = 5
const MOST_BYTES = 2 ** 32
// the reporting interval, in which other work has a turn too
const REPORT_MILLISECONDS = 50

/**
 * Trains a network on the flow of a density by the recipe of docs/mathematics.md §7. The same seed, settings and backend
 * give the same bytes, in one go or with interruptions.
 *
 * @throws ComputationError when the loss is no longer finite; the reason of the signal when aborted
 */
export async function train(
  density: Density,
  settings: TrainingSettings,
  run: TrainingRun,
): Promise<TrainedNetwork> {
  const backend = await useBackend(settings.backend, { threads: settings.threads })
  const { steps } = settings
  const { seed, state } = run
  const extensions = state?.extensions ?? []
  const loss: Loss = losses[settings.loss](settings)
  // networks work in the eigenbasis of the covariance: the basis that the data is given in does not matter
  const data = run.teacher ? density : inPrincipalAxes(density)
  const { teacher = data } = run
  const context = contextOf(teacher, loss, settings, run.time)
  const { network, velocity, largestAngle } = context
  checkSize(network, settings)
  const random = state ? Random.fromState(state.random) : Random.stream(seed, 'batches')
  const points = pointSource(data, loss, context, {
    settings,
    largestAngle,
    seed,
    random,
    terms: teacher.terms,
    from: extensions.at(-1)?.step ?? 0,
  })
  const learner = createLearner(loss, context, settings, seed)
  const curve = new LossCurve(steps, state?.curve)
  const monitor =
    run.monitor === false || loss.learns
      ? null
      : createMonitor(data, {
          time: run.time,
          steps,
          batch: settings.batch,
          weights: weightCount(network),
          points: state?.monitor ?? [],
        })
  const averaged = neuralMap(network, learner.averages, context.coordinates)

  const started = performance.now()
  let done = state?.step ?? 0
  let saved = done
  let lastReport = started
  let evaluations = state?.evaluations ?? 0
  let seen = 0
  function count(again = false): void {
    if (!again) evaluations += velocity.evaluations - seen
    seen = velocity.evaluations
  }
  const spent = () => ({
    evaluations,
    seconds: (state?.seconds ?? 0) + (performance.now() - started) / 1000,
  })

  async function save(): Promise<void> {
    if (!run.checkpoint || saved === done) return
    await run.checkpoint.save({
      step: done,
      extensions,
      random: random.state(),
      curve: curve.state(),
      monitor: monitor ? [...monitor.curve.points] : [],
      ...learner.state(),
      ...spent(),
    })
    saved = done
  }

  function report(): void {
    run.onProgress?.({
      done,
      total: steps,
      label: done > 0 ? `loss ${curve.last.toExponential(2)}` : 'points',
    })
  }

  async function pause(): Promise<void> {
    if (performance.now() - lastReport < REPORT_MILLISECONDS) return
    report()
    await new Promise((resolve) => setTimeout(resolve))
    lastReport = performance.now()
    if (!run.signal?.aborted) return
    await save()
    throw run.signal.reason
  }

  try {
    if (state) learner.restore(state)
    run.signal?.throwIfAborted()
    while (done < steps) {
      count(await points.prepare(done, pause))
      const progress = done / steps
      const value = learner.step(points.next(progress), learningRate(settings.rate, done, steps), progress)
      if (!Number.isFinite(value)) throw new ComputationError(notFinite(done + 1, seed, saved))
      done++
      count()
      curve.add(done, value)
      if (monitor?.due(done)) monitor.record(done, averaged)
      if (run.checkpoint && done % run.checkpoint.every === 0) await save()
      await pause()
    }
    await save()
    report()
    const finalLoss = curve.points.at(-1)?.loss ?? curve.last
    return {
      network,
      weights: learner.averagedWeights(),
      curve: curve.points,
      monitor: monitor?.curve ?? null,
      finalLoss,
      backend,
      ...spent(),
    }
  } finally {
    learner.dispose()
  }
}

function contextOf(density: Density, loss: Loss, settings: TrainingSettings, time: number): LossContext {
  const coordinates = gaussianCoordinates(density.moments)
  const { coarseSteps } = settings
  const components = coarseSteps > 0 ? componentsOf(density) : undefined
  const architecture: Architecture = {
    kind: settings.network,
    dimension: density.dimension,
    width: settings.width,
    layers: settings.layers,
    // goes into model files, whose keys are there or not
    ...(settings.units > 0 && { units: settings.units }),
    ...(loss.times && { times: loss.times }),
    ...(components && { coarseSteps, components: components.weights.length }),
  }
  const network = createNetwork(architecture, components && { components, coordinates })
  const largestAngle = coordinates.angle(time)
  return {
    coordinates,
    network,
    velocity: flowVelocity(density, coordinates),
    largestAngle,
    interval: largestAngle / settings.intervals,
  }
}

/** @throws InputError before anything is allocated that no memory of the kernels could hold */
function checkSize(network: Network, { batch, width, layers }: TrainingSettings): void {
  const count = weightCount(network)
  const inGb = (bytes: number) => `${(bytes / 1e9).toPrecision(3)} GB in training`
  const weights = 4 * COPIES * count
  if (weights > MOST_BYTES)
    throw new BadInput(
      'width and layers',
      `make a network of ${count} weights, which takes at least ${inGb(weights)}`,
      'one that takes at most 4 GB',
    )
  // every layer keeps its values for the gradient, and their tangents beside them
  const values = 4 * 2 * batch * width * layers
  if (values > MOST_BYTES)
    throw new BadInput(
      'batch, width and layers',
      `make ${batch} points of ${layers} layers of ${width} units, which take at least ${inGb(values)}`,
      'a batch that takes at most 4 GB',
    )
  // a coarse solution holds every point in the axes of every component, several times, and maps are evaluated in blocks of 2048
  const { components = 0, dimension } = network.architecture
  const solved = 4 * COPIES * 2 * Math.max(batch, 2048) * components * dimension
  if (solved > MOST_BYTES)
    throw new BadInput(
      'coarseSteps',
      `asks for ${components} components in ${dimension} dimensions at once, which take at least ${inGb(solved)}`,
      '0, or data with fewer components',
    )
}

function notFinite(step: number, seed: number, saved: number): string {
  const kept = saved > 0 ? `the last checkpoint is of step ${saved}` : 'there is no checkpoint'
  return `The loss is no longer finite at step ${step} (seed ${seed}); ${kept}. Try a smaller rate or another seed.`
}
