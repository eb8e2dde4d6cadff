import { rungeKutta } from '../../src/characteristics/index.ts'
import type { VeMap } from '../../src/consistency-function.ts'
import type { Architecture } from '../../src/nn/architecture.ts'
import { type FlowMap, flowMap } from '../../src/nn/flow-map.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { type Network, weightVariable } from '../../src/nn/networks.ts'
import type { Moments } from '../../src/numeric/moments.ts'
import { scoreNetwork } from '../../src/problem/densities/score-network.ts'
import type { CurvePoint, MonitorCurve } from './monitor.ts'
import { neuralMap } from './neural-map.ts'
import type { TrainingTarget } from './target.ts'

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
