import type { VeMap } from '../../src/consistency-function.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { type Network, weightVariable } from '../../src/nn/network.ts'
import { neuralMap } from '../../src/nn/neural-map.ts'
import type { Moments } from '../../src/problem/density.ts'
import type { CurvePoint } from './loss-curve.ts'

/** How the training of a network went. */
export interface TrainingDiagnostics {
  /** The backend it was trained on: bits are the same on the same backend only. */
  readonly backend: string
  /** The mean loss of the last steps. */
  readonly finalLoss: number
  /** The loss in about 200 points. */
  readonly curve: readonly CurvePoint[]
  /** Evaluations of the score at one point. */
  readonly evaluations: number
}

/** The map of a trained network; it has `jvp`. */
export interface TrainedMap extends VeMap {
  readonly diagnostics: TrainingDiagnostics
}

/** The map of weights on the present backend. */
export function trainedMap(
  network: Network,
  weights: readonly Float32Array[],
  moments: Moments,
  { backend, finalLoss, curve, evaluations }: TrainingDiagnostics,
): TrainedMap {
  const variables = network.parameters.map(({ shape }, i) => weightVariable(weights[i], shape))
  return {
    ...neuralMap(network, variables, gaussianCoordinates(moments), evaluations),
    diagnostics: { backend, finalLoss, curve, evaluations },
  }
}
