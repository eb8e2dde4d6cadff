import { type BackendName, useBackend } from '../../src/backend/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { Method, VeMap } from '../../src/consistency-function.ts'
import { InputError } from '../../src/errors.ts'
import type { Architecture } from '../../src/nn/architecture.ts'
import { type FlowMap, flowMap } from '../../src/nn/flow-map.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { type Model, readModel, sameMoments } from '../../src/nn/model.ts'
import { createNetwork, type Network, weightVariable } from '../../src/nn/networks.ts'
import type { Moments } from '../../src/numeric/moments.ts'
import { scoreNetwork } from '../../src/problem/densities/score-network.ts'
import { veTime } from '../../src/problem/process.ts'
import { closedFormProcess } from '../../src/problem/processes/closed-form.ts'
import { sameFunction } from '../../src/problem/record.ts'
import { type Loss, losses, lossNames, stepSolvers } from './losses/index.ts'
import { type MetricName, metricNames, metrics } from './metrics.ts'
import type { CurvePoint, MonitorCurve } from './monitor.ts'
import { neuralMap } from './neural-map.ts'

/** How the training of a network went. */
export interface TrainingDiagnostics {
  /** The backend it was trained on: bits are the same on the same backend only. */
  readonly backend: string
  /** The mean loss of the last steps. */
  readonly finalLoss: number
  /** The loss in about 200 points. */
  readonly curve: readonly CurvePoint[]
  /** The true error and the residual by time in the course of training, where they were measured. */
  readonly monitor?: MonitorCurve | null
  /** Evaluations of the score at one point. */
  readonly evaluations: number
}

/** The map of a trained network; it has `jvp`, except for that of a score network. */
export interface TrainedMap extends VeMap {
  readonly diagnostics: TrainingDiagnostics
  /** f(t → u, x), of losses that train a two-time map. */
  readonly flow?: FlowMap
}

/** The map of weights on the present backend, with what it was trained to be. */
export function trainedMap(
  network: Network,
  weights: readonly Float32Array[],
  moments: Moments,
  { backend, finalLoss, curve, monitor, evaluations }: TrainingDiagnostics,
  { metric, targets, teacher, warnings, cause }: TrainingTarget,
): TrainedMap {
  const coordinates = gaussianCoordinates(moments)
  const variables = network.parameters.map(({ shape }, i) => weightVariable(weights[i], shape))
  return {
    ...neuralMap(network, variables, coordinates, evaluations),
    flow: network.architecture.times && flowMap(network, variables, coordinates),
    diagnostics: { backend, finalLoss, curve, monitor: monitor ?? undefined, evaluations },
    options: { metric, targets, ...(teacher !== undefined && { teacher }) },
    ...(warnings.length > 0 && { warnings }),
    cause,
  }
}

// far below the error of any trained score
const RTOL = 1e-8

/** The consistency function of a trained score network: the flow of its score, by characteristics. It has no `jvp`. */
export async function scoreMap(
  architecture: Architecture,
  weights: readonly Float32Array[],
  moments: Moments,
  diagnostics: TrainingDiagnostics,
  { metric, targets, warnings, cause }: TrainingTarget,
): Promise<TrainedMap> {
  const density = { kind: 'neural', atomic: false, ...scoreNetwork(architecture, weights, moments) }
  const map = await rungeKutta({ rtol: RTOL }).solveVe(density, { time: Infinity, seed: 0 })
  return {
    evaluate: map.evaluate,
    get functionEvaluations() {
      return diagnostics.evaluations + map.functionEvaluations
    },
    diagnostics,
    options: { metric, targets, rtol: RTOL },
    ...(warnings.length > 0 && { warnings }),
    cause,
  }
}

/** A trained model as a method: `solve` gives its consistency function without training. */
export interface ModelMethod extends Method {
  readonly model: Model
}

export interface ModelOptions {
  /** Default auto. */
  readonly backend?: BackendName | 'auto'
  /** Threads of the simd backend; default 1. */
  readonly threads?: number
}

/** The map of a model in the reduced (VE) problem, on the chosen backend. */
export async function modelMap(
  model: Model,
  { backend = 'auto', threads = 1 }: ModelOptions = {},
): Promise<TrainedMap> {
  const { kind, loss, settings, training, architecture, teacher } = model.description
  const target = trainingTarget(loss, settings, architecture.dimension, teacher?.name)
  if (kind === 'score') return scoreMap(architecture, model.weights, model.moments, training, target)
  await useBackend(backend, { threads })
  const { components } = model
  const base = components && { components, coordinates: gaussianCoordinates(model.moments) }
  const network = createNetwork(architecture, base)
  return trainedMap(network, model.weights, model.moments, training, target)
}

/**
 * A model as a method. Solving a problem of other data, or to a later time than the model was trained for, is an
 * InputError.
 */
export function modelMethod(model: Model, options: ModelOptions = {}): ModelMethod {
  const { loss, settings, problem, time, seed } = model.description
  return {
    name: loss,
    options: { ...settings, seed },
    target: 'map',
    random: false,
    model,
    async solveVe(density, run) {
      const process =
        closedFormProcess(problem.process) ??
        (await import('../../src/problem/processes/index.ts')).createProcess(problem.process)
      const largest = veTime(process, time)
      if (run.time > largest * (1 + 1e-12))
        throw new InputError(
          'time',
          run.time,
          `at most ${largest}, the time the model was trained for (reduced to VE)`,
        )
      if (!sameMoments(density.moments, model.moments))
        throw new InputError(
          'the data',
          density.kind,
          'the data that the model was trained on: mean and covariance differ',
        )
      if (problem.data.kind === 'function' && !sameFunction(density, problem.data))
        throw new InputError(
          'the data',
          density.kind,
          'the function that the model was trained on: its score is another',
        )
      return modelMap(model, options)
    },
  }
}

/**
 * Reads a model folder and checks every part of it. A model is data: loading it runs none of it.
 *
 * @throws InputError naming the file and what does not fit
 * @example const f = await solve(problem, await loadModel('model'), { time: 10 })
 */
export async function loadModel(folder: string, options: ModelOptions = {}): Promise<ModelMethod> {
  return modelMethod(await readModel(folder), options)
}

/** What the training of a map aims at. */
export interface TrainingTarget {
  readonly metric: MetricName
  /** In words, such as 'the conditional mean'. */
  readonly targets: string
  /** Whether the network is a score network and no map. */
  readonly learns?: 'score'
  /** The score network whose flow is learned, where it is not that of the exact score. */
  readonly teacher?: string
  /** Whole sentences for the user of the map. */
  readonly warnings: readonly string[]
  /** What the error of the map consists of, in a sentence or two; absent for a loss that is not known. */
  readonly cause?: string
}

/** What of the settings of a training decides what it aims at. */
interface TargetSettings {
  /** The name of the metric; the default of the loss where absent. */
  readonly metric?: unknown
  /** The backward step of `cd`; heun where absent. */
  readonly solver?: unknown
  /** N of the discrete losses. */
  readonly intervals?: unknown
}

/**
 * What a loss with a metric converges to. Where the target of the loss depends on a sample of the noise, a metric that is
 * not the squared norm takes another point of its law than the mean (docs/mathematics.md §4.3).
 *
 * @param loss a name; of an unknown one nothing is known
 * @param settings of the training, as a model's description has them
 * @param teacher the name of the score network whose flow is learned
 */
export function trainingTarget(
  loss: string,
  settings: TargetSettings,
  dimension: number,
  teacher?: string,
): TrainingTarget {
  const name = lossNames.find((known) => known === loss)
  const solver = stepSolvers.find((known) => known === settings.solver) ?? 'heun'
  const made: Loss | null = name ? losses[name]({ solver }) : null
  const chosen = metricNames.find((known) => known === settings.metric) ?? made?.metric ?? 'l2'
  const aim = (targets: string) =>
    made && {
      cause:
        made.coupled && chosen !== 'l2'
          ? `${made.cause(Number(settings.intervals))} With the metric ${chosen} it aims at ${targets}.`
          : made.cause(Number(settings.intervals)),
    }
  const warnings: string[] = made?.warning ? [made.warning] : []
  const learns = made?.learns
  if (teacher !== undefined)
    warnings.push(
      `The network learned the flow of the score network ${teacher}: its error against the truth includes the error of that.`,
    )
  if (!made?.coupled) {
    const targets = teacher === undefined ? 'the map itself' : "the map of the teacher's own flow"
    return { metric: chosen, targets, learns, teacher, warnings, ...aim(targets) }
  }
  const { targets } = metrics[chosen]
  if (chosen !== 'l2')
    warnings.unshift(
      `${loss} with the metric ${chosen} targets ${targets}, not the mean: it converges to the map of another ODE ` +
        `(docs/mathematics.md §4.3). This bias fades as the dimension grows; here it is ${dimension}.`,
    )
  return { metric: chosen, targets, learns, warnings, ...aim(targets) }
}
